import { BodyLimitError, UnknownEncodingError } from './body-reader.js';
import type { ErrorDetails, SecurityTrailsError } from './errors.js';
import {
  AbortedError,
  CallTimeoutError,
  MalformedError,
  NetworkError,
  TlsError,
  TooLargeError,
} from './errors.js';
import { cut, plainText } from './plain-text.js';

/** OpenSSL's and Node's names for a failed handshake or a certificate that does not hold. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERROR_IN_C|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH)/;
const TIMEOUT_CODE = /^(?:UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/;
const CODE_FORM = /^[A-Z][A-Z0-9_]{1,60}$/;

/** Who stopped the call, as far as anybody did; asked when it has failed. */
export interface CallEnd {
  readonly abortedByCaller: boolean;
  readonly outOfTime: boolean;
}

/** Which of our errors it is that an HTTP call has thrown. */
export function transportFailure(
  cause: unknown,
  end: CallEnd,
  details: ErrorDetails,
): SecurityTrailsError {
  if (end.abortedByCaller) {
    return new AbortedError(details);
  }
  const code = codeOf(cause);
  if (end.outOfTime || TIMEOUT_CODE.test(code)) {
    return new CallTimeoutError(details);
  }
  if (cause instanceof BodyLimitError) {
    return new TooLargeError(details);
  }
  if (cause instanceof UnknownEncodingError || isBrokenCompression(code)) {
    return new MalformedError(details);
  }
  return TLS_CODE.test(code)
    ? new TlsError(details, tlsReason(cause, code))
    : new NetworkError(details, CODE_FORM.test(code) ? code : 'unknown');
}

function isBrokenCompression(code: string): boolean {
  return code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR_');
}

function codeOf(cause: unknown): string {
  return textField(cause, 'code');
}

/**
 * OpenSSL's messages carry thread ids and source lines, so its `reason` is the readable part; of
 * Node's own the message is. Node adds advice about its options after a semicolon.
 */
function tlsReason(cause: unknown, code: string): string {
  const openssl = code.startsWith('ERR_TLS_') ? '' : textField(cause, 'reason');
  const reason = openssl || textField(cause, 'message').split(';')[0] || code;
  return cut(plainText(reason), 200);
}

/** By its field and not by its class: errors of another realm are no `instanceof Error`. */
function textField(cause: unknown, name: 'code' | 'reason' | 'message'): string {
  if (typeof cause !== 'object' || cause === null) {
    return '';
  }
  const value: unknown = Reflect.get(cause, name);
  return typeof value === 'string' ? value : '';
}
