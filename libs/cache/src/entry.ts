/** One remembered answer with the three instants that decide its use. All are epoch milliseconds. */
export interface Entry<V> {
  readonly value: V;
  readonly fetchedAt: number;
  /** Until then served without a second thought. */
  readonly freshUntil: number;
  /** Until then served while it is being refreshed; afterwards gone. Never before freshUntil. */
  readonly keepUntil: number;
  /** "Nothing known" is an answer of its own, not the lack of one. */
  readonly negative: boolean;
}

export type EntryState = 'fresh' | 'stale' | 'negative' | 'absent';

/** The state of an entry at an instant. A negative answer does not go stale: it ends. */
export function stateOf(entry: Entry<unknown>, now: number): EntryState {
  if (now < entry.freshUntil) {
    return entry.negative ? 'negative' : 'fresh';
  }
  return now < entry.keepUntil && !entry.negative ? 'stale' : 'absent';
}
