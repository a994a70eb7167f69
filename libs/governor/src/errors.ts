export type GovernorErrorCode = 'quota_exhausted' | 'abandoned';

/** Why a call was not let through. */
export class GovernorError extends Error {
  override readonly name = 'GovernorError';
  readonly code: GovernorErrorCode;
  /** When the circuit closes by itself, epoch milliseconds; with `quota_exhausted` only. */
  readonly until: number | undefined;

  constructor(code: GovernorErrorCode, message: string, until?: number) {
    super(message);
    this.code = code;
    this.until = until;
  }
}
