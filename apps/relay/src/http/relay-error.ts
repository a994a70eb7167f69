/** How bad an error is for the call (relay-protocol 1.4). */
export type RelayErrorType = 'fatal' | 'warning' | 'error';

/** The error object of the protocol: these three keys and no other (relay-protocol 0.5). */
export interface RelayError {
  readonly code: string;
  readonly message: string;
  readonly type: RelayErrorType;
}

/** A call that is refused as a whole with one of the protocol's errors. */
export class RelayRefusal extends Error {
  override readonly name = 'RelayRefusal';
  readonly error: RelayError;

  constructor(code: string, message: string) {
    super(message);
    this.error = { code, message, type: 'fatal' };
  }
}
