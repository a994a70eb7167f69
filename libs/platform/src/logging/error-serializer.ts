import { redact } from './redaction.js';

/** What of an error reaches a log line; everything else it carries (commands, bodies) does not. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

const MAX_MESSAGE = 500;
const MAX_CAUSES = 3;

/**
 * An allow-list, because errors of clients carry what was sent: ioredis puts the arguments of a
 * failed AUTH on the error. A thrown value that is no error is named by its type only.
 */
export function serializeError(error: unknown, withStack = false): LoggedError {
  return serialize(error, withStack, MAX_CAUSES);
}

function serialize(error: unknown, withStack: boolean, causes: number): LoggedError {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: 'not an error object' };
  }
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: redact(error.message).slice(0, MAX_MESSAGE),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(withStack && error.stack ? { stack: redact(error.stack) } : {}),
    ...(causes > 0 && error.cause instanceof Error
      ? { cause: serialize(error.cause, withStack, causes - 1) }
      : {}),
  };
}
