/** Why "nothing known" was the answer; each has a life of its own. */
export type NothingKnown = 'empty' | 'not_found' | 'invalid_name';

/** Thrown by a reader for "nothing known" that upstream says with a status: an answer, no failure. */
export class NothingKnownAnswer extends Error {
  override readonly name = 'NothingKnownAnswer';
  readonly reason: NothingKnown;
  /** Upstream's own words, made safe. */
  readonly text: string;

  constructor(reason: NothingKnown, text: string) {
    super(reason);
    this.reason = reason;
    this.text = text;
  }
}
