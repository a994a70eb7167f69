/** What an operator can do about it; the words of the operations API. */
export type WebhookFaultCode =
  'INVALID' | 'NOT_FOUND' | 'CONFLICT' | 'TOO_MANY' | 'FORBIDDEN_TARGET';

/** An expected failure: which part of the input is at fault, and why. Never a secret or a URL in it. */
export interface WebhookFault {
  /** Path into the input, such as `['watchlistIds', '3']`; empty when the whole is meant. */
  readonly field: readonly string[];
  readonly code: WebhookFaultCode;
  readonly message: string;
}

/** What became of an operation: its value, or the faults for which nothing was changed. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly WebhookFault[] };

export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(...faults: readonly WebhookFault[]): {
  readonly ok: false;
  readonly faults: readonly WebhookFault[];
} {
  return { ok: false, faults };
}

export function fault(
  code: WebhookFaultCode,
  field: readonly string[],
  message: string,
): WebhookFault {
  return { field, code, message };
}

export type WebhookErrorCode = 'contended' | 'unsealable' | 'bad_cursor';

/**
 * What should not happen: `contended` after many lost races, `unsealable` for what was sealed with
 * another key or altered, `bad_cursor` for one that this service did not give.
 */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
