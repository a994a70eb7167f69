export type ChangesErrorCode = 'contended' | 'history_unreadable' | 'bad_cursor' | 'bad_page_size';

/** Why the changes could not be kept or given. */
export class ChangesError extends Error {
  override readonly name = 'ChangesError';
  readonly code: ChangesErrorCode;

  constructor(code: ChangesErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
