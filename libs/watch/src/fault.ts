/** What an operator can do about it; the words of the operations API. */
export type WatchFaultCode = 'INVALID' | 'NOT_FOUND' | 'CONFLICT' | 'TOO_MANY';

/** An expected failure: which part of the input is at fault, and why. Never a secret in it. */
export interface WatchFault {
  /** Path into the input, such as `['tags', '3']`; empty when the whole is meant. */
  readonly field: readonly string[];
  readonly code: WatchFaultCode;
  readonly message: string;
}

/** What became of an operation: its value, or the faults for which nothing was changed. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly WatchFault[] };

export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refused(...faults: readonly WatchFault[]): {
  readonly ok: false;
  readonly faults: readonly WatchFault[];
} {
  return { ok: false, faults };
}

export function fault(code: WatchFaultCode, field: readonly string[], message: string): WatchFault {
  return { field, code, message };
}

export type WatchErrorCode = 'contended' | 'damaged';

/** What should not happen: `contended` after many lost races, `damaged` for stored text of no known form. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
  readonly code: WatchErrorCode;

  constructor(code: WatchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
