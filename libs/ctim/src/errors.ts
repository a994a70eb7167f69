/** `row-length`: a table's row has more or fewer cells than the table has columns. */
export type CtimErrorCode = 'row-length';

/** A document was asked for that CTIM cannot express; always a mistake of the calling code. */
export class CtimError extends Error {
  override readonly name = 'CtimError';

  constructor(
    readonly code: CtimErrorCode,
    message: string,
  ) {
    super(message);
  }
}
