export type AuditErrorCode = 'unwritable' | 'bad_cursor';

/**
 * `unwritable`: what is about to be done cannot be written down, so it must not be done;
 * `bad_cursor`: not one that this log gave.
 */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
