import type { EndpointName } from './endpoints.js';

/** Every way a call can fail; stable, so that edges can map each one exhaustively. */
export const SECURITYTRAILS_ERROR_CODES = [
  'bad_key',
  'unencodable_key',
  'plan',
  'invalid_name',
  'not_found',
  'throttled',
  'quota',
  'server',
  'unexpected_status',
  'redirect',
  'network',
  'tls',
  'timeout',
  'too_large',
  'malformed',
  'shape',
  'aborted',
] as const;
export type SecurityTrailsErrorCode = (typeof SECURITYTRAILS_ERROR_CODES)[number];

/** What upstream wrote, made safe to show: no key, no control characters, no HTML, 200 characters. */
export interface UpstreamText {
  /** The body as it came (relay-protocol 3.6 quotes it whole). */
  readonly body: string;
  /** The JSON body's `message` if it has one, else the same as `body`. */
  readonly message: string;
}

export interface ErrorDetails {
  readonly endpoint: EndpointName;
  /** HTTP status, when an answer had begun. */
  readonly status?: number | undefined;
  readonly upstreamText?: UpstreamText | undefined;
}

/**
 * A call that gave no usable answer. One subclass per outcome; `code` tells them apart. It keeps no
 * `cause`: what an HTTP parser throws carries received bytes, and those may echo the API key.
 */
export abstract class SecurityTrailsError extends Error {
  abstract readonly code: SecurityTrailsErrorCode;
  readonly endpoint: EndpointName;
  readonly status: number | undefined;
  readonly upstreamText: UpstreamText | undefined;
  /** Milliseconds to wait before asking again; only a throttle knows. */
  readonly waitMs: number | undefined;

  constructor(message: string, details: ErrorDetails, waitMs?: number) {
    super(message);
    this.name = new.target.name;
    this.endpoint = details.endpoint;
    this.status = details.status;
    this.upstreamText = details.upstreamText;
    this.waitMs = waitMs;
  }
}

/** 401, or a 403 whose text speaks of credentials (securitytrails-api 1.6). */
export class BadKeyError extends SecurityTrailsError {
  readonly code = 'bad_key';
  constructor(details: ErrorDetails) {
    super('SecurityTrails refused the API key', details);
  }
}

/** The key cannot be an HTTP header value, so nothing was sent (relay-protocol 2.2 #20). */
export class UnencodableKeyError extends SecurityTrailsError {
  readonly code = 'unencodable_key';
  constructor(details: ErrorDetails) {
    super('The API key has characters that cannot be sent', details);
  }
}

/** Any other 403: the key's plan does not include this endpoint. */
export class PlanError extends SecurityTrailsError {
  readonly code = 'plan';
  constructor(details: ErrorDetails) {
    super('The SecurityTrails plan does not include this', details);
  }
}

/** 400, or a name that cannot be put into a path: never asked again with the same words. */
export class InvalidNameError extends SecurityTrailsError {
  readonly code = 'invalid_name';
  constructor(details: ErrorDetails) {
    super('SecurityTrails takes no such name', details);
  }
}

/** 404 or 406: nothing is known; an expected outcome, thrown so that no caller mistakes it for data. */
export class NotFoundError extends SecurityTrailsError {
  readonly code = 'not_found';
  constructor(details: ErrorDetails) {
    super('SecurityTrails knows nothing of this', details);
  }
}

/** 429 that is not the quota: too many calls at once. */
export class ThrottledError extends SecurityTrailsError {
  readonly code = 'throttled';
  /** Whether `waitMs` is upstream's own Retry-After rather than our guess. */
  readonly saidByUpstream: boolean;
  constructor(details: ErrorDetails, wait: { ms: number; saidByUpstream: boolean }) {
    super('SecurityTrails asks for fewer calls', details, wait.ms);
    this.saidByUpstream = wait.saidByUpstream;
  }
}

/** 429 that says the month's queries are used up: waiting a second does not help. */
export class QuotaError extends SecurityTrailsError {
  readonly code = 'quota';
  constructor(details: ErrorDetails) {
    super('The SecurityTrails quota is used up', details);
  }
}

/** Any 5xx. */
export class ServerError extends SecurityTrailsError {
  readonly code = 'server';
  constructor(details: ErrorDetails) {
    super('SecurityTrails failed', details);
  }
}

/** A status that securitytrails-api 1.6 does not know: 418, 422 and the like. */
export class UnexpectedStatusError extends SecurityTrailsError {
  readonly code = 'unexpected_status';
  constructor(details: ErrorDetails) {
    super('SecurityTrails answered with an unexpected status', details);
  }
}

/** 3xx: never followed, because the key would travel along. */
export class RedirectError extends SecurityTrailsError {
  readonly code = 'redirect';
  constructor(details: ErrorDetails) {
    super('SecurityTrails answered with a redirect', details);
  }
}

/** No connection, or it broke; `reason` is the system's code, such as ECONNREFUSED. */
export class NetworkError extends SecurityTrailsError {
  readonly code = 'network';
  constructor(details: ErrorDetails, reason: string) {
    super(`The connection to SecurityTrails failed: ${reason}`, details);
  }
}

/** TLS failed; the message is the reason alone, its first letter a capital (relay-protocol 3.6). */
export class TlsError extends SecurityTrailsError {
  readonly code = 'tls';
  constructor(details: ErrorDetails, reason: string) {
    super(reason.charAt(0).toUpperCase() + reason.slice(1), details);
  }
}

/** The whole call, from connecting to the body's last byte, took longer than allowed. */
export class CallTimeoutError extends SecurityTrailsError {
  readonly code = 'timeout';
  constructor(details: ErrorDetails) {
    super('SecurityTrails did not answer in time', details);
  }
}

/** The decompressed body is over the limit. */
export class TooLargeError extends SecurityTrailsError {
  readonly code = 'too_large';
  constructor(details: ErrorDetails) {
    super('The answer of SecurityTrails is too large', details);
  }
}

/** A success whose body is not JSON, or is broken in its compression. */
export class MalformedError extends SecurityTrailsError {
  readonly code = 'malformed';
  constructor(details: ErrorDetails) {
    super('The answer of SecurityTrails is not JSON', details);
  }
}

/** JSON of another shape than known (relay-protocol 3.5, "key error"); `at` names the field. */
export class ShapeError extends SecurityTrailsError {
  readonly code = 'shape';
  readonly at: string;
  constructor(details: ErrorDetails, at: string) {
    super(`The data structure of SecurityTrails has changed: ${at}`, details);
    this.at = at;
  }
}

/** The caller's signal ended the call. */
export class AbortedError extends SecurityTrailsError {
  readonly code = 'aborted';
  constructor(details: ErrorDetails) {
    super('The call to SecurityTrails was given up', details);
  }
}
