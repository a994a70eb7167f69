import type { EndpointName } from './endpoints.js';
import type { ErrorDetails, SecurityTrailsError } from './errors.js';
import {
  BadKeyError,
  InvalidNameError,
  MalformedError,
  NotFoundError,
  PlanError,
  QuotaError,
  RedirectError,
  ServerError,
  ShapeError,
  ThrottledError,
  UnexpectedStatusError,
} from './errors.js';
import { retryAfterMs } from './retry-after.js';
import { throttleWaitMs } from './retry-policy.js';
import { ShapeMismatch } from './schemas/json.schema.js';
import type { HttpAnswer } from './transport.js';
import { upstreamText } from './upstream-text.js';

export interface AnswerContext {
  readonly endpoint: EndpointName;
  /** Only to be removed from what upstream wrote. */
  readonly apiKey: string;
  /** Milliseconds since 1970, for a Retry-After that is a date. */
  readonly now: number;
  /** 0 inclusive to 1 exclusive. */
  readonly random: number;
}

/**
 * Makes data of an answer (securitytrails-api 1.6: the status decides first, then the words).
 *
 * @throws SecurityTrailsError for anything that is not a 2xx with JSON that `parse` takes.
 */
export function dataOf<T>(
  answer: HttpAnswer,
  context: AnswerContext,
  parse: (json: unknown) => T,
): T {
  if (answer.status < 200 || answer.status > 299) {
    throw refusal(answer, context);
  }
  const details = { endpoint: context.endpoint, status: answer.status };
  const json = jsonOf(answer, details, context.apiKey);
  try {
    return parse(json);
  } catch (cause) {
    throw cause instanceof ShapeMismatch ? new ShapeError(details, cause.at) : cause;
  }
}

function jsonOf(answer: HttpAnswer, details: ErrorDetails, apiKey: string): unknown {
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    throw new MalformedError({ ...details, upstreamText: upstreamText(answer, apiKey) });
  }
}

function refusal(answer: HttpAnswer, context: AnswerContext): SecurityTrailsError {
  const details = {
    endpoint: context.endpoint,
    status: answer.status,
    upstreamText: upstreamText(answer, context.apiKey),
  };
  switch (answer.status) {
    case 400:
      return new InvalidNameError(details);
    case 401:
      return new BadKeyError(details);
    case 403:
      return /credentials/i.test(answer.text) ? new BadKeyError(details) : new PlanError(details);
    case 404:
    case 406:
      return new NotFoundError(details);
    case 429:
      return tooMany(answer, context, details);
    default:
      return otherStatus(answer.status, details);
  }
}

function tooMany(
  answer: HttpAnswer,
  context: AnswerContext,
  details: ErrorDetails,
): SecurityTrailsError {
  if (/usage limits|quota/i.test(answer.text)) {
    return new QuotaError(details);
  }
  const said = retryAfterMs(answer.retryAfter, context.now);
  return new ThrottledError(details, {
    ms: said ?? throttleWaitMs(context.random),
    saidByUpstream: said !== undefined,
  });
}

function otherStatus(status: number, details: ErrorDetails): SecurityTrailsError {
  if (status >= 500 && status <= 599) {
    return new ServerError(details);
  }
  return status >= 300 && status <= 399
    ? new RedirectError(details)
    : new UnexpectedStatusError(details);
}
