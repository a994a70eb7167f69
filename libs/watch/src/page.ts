/** A page in a stable order: what stays is on exactly one page, whatever comes and goes meanwhile. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins, opaque; null after the last. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** How many at most. */
  readonly first: number;
  /** The cursor of an item or page; undefined: from the start. One of no known form is as none. */
  readonly after?: string;
}

export function encodeCursor(place: string): string {
  return Buffer.from(place).toString('base64url');
}

export function decodeCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString();
}
