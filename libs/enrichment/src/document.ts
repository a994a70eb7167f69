/**
 * A whole sighting as JSON, in two pieces: the drawn bytes, which all answers share, and the end
 * that is this answer's own. Kept apart because joining them would copy tens of kilobytes a call.
 */
export class Document {
  constructor(
    readonly drawn: Buffer,
    /** ASCII: one byte a character. */
    readonly end: string,
  ) {}

  /** The JSON. */
  toString(): string {
    return this.drawn.toString() + this.end;
  }
}
