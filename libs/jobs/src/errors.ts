export type JobErrorCode = 'invalid_payload';

/** A job that cannot be done whoever does it. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: JobErrorCode;

  constructor(code: JobErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
