import type { Watchlist } from './watchlist.js';

/** A large change that is accepted: it will be done, by this process or another. */
export interface JournalEntry {
  readonly id: string;
  /** `add` and `remove` have parts; `replan` and `drop` go over the list itself. */
  readonly kind: 'add' | 'remove' | 'replan' | 'drop';
  readonly no: number;
  /** How many observables it is about; 0 when it is the whole list. */
  readonly size: number;
}

/** `taken`: the name; `full`: no list more; `changed`: it is no longer what was read. */
export type ListSaved = 'saved' | 'taken' | 'full' | 'changed';

export interface ListStore {
  /** All lists in the order of their numbers. */
  all(): Promise<Watchlist[]>;
  byIds(ids: readonly string[]): Promise<(Watchlist | undefined)[]>;
  nextNumber(): Promise<number>;
  insert(list: Watchlist, limit: number): Promise<ListSaved>;
  /** With `replanId`, its observables' schedules follow under this id in the journal. */
  replace(before: Watchlist, after: Watchlist, replanId?: string): Promise<ListSaved>;
  /** The list is gone at once, its places follow under this id in the journal. */
  remove(list: Watchlist, dropId: string): Promise<ListSaved>;
}

/** `idle`, `list`, `room`: the condition that did not hold. */
export type Accepted = 'accepted' | 'idle' | 'list' | 'room';

export interface Journal {
  /**
   * Accepts a large change with one write; before it nothing is seen of it, after it nothing gets lost.
   * Only while the journal is empty, so that the limit of the list is certain.
   */
  accept(
    entry: JournalEntry,
    parts: AsyncIterable<string> | Iterable<string>,
    limit: number,
  ): Promise<Accepted>;
  first(): Promise<JournalEntry | undefined>;
  /** The next part that is not done, with the mark that a guard names; undefined after the last. */
  part(id: string): Promise<{ readonly mark: string; readonly text: string } | undefined>;
  /** Strikes it out, if it is the first and has no part left. Safe to repeat. */
  close(entry: JournalEntry): Promise<void>;
}
