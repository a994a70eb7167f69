import type { Entry } from './entry.js';
import type { ObservableKey } from './observable-key.js';
import type { RuleBook } from './schedule.js';
import type { ScoreRange } from './state-index.js';

/** What was read, and a mark by which a later write knows whether it still holds. */
export interface HeldEntry {
  readonly entry: Entry;
  readonly version: string;
}

/** Entries with the rules of all lists that they are on. */
export interface Holdings {
  readonly entries: ReadonlyMap<ObservableKey, HeldEntry>;
  readonly rules: RuleBook;
}

/** One entry from what was read (undefined: nothing) to what shall be (undefined: nothing). */
export interface EntryChange {
  readonly key: ObservableKey;
  readonly before: HeldEntry | undefined;
  readonly after: Entry | undefined;
}

/** What must hold beside the entries' versions. */
export type Guard =
  /** The list still exists and its rule is as read. */
  | { readonly kind: 'list'; readonly no: number; readonly rules: RuleBook }
  /** The list takes so many more. */
  | { readonly kind: 'room'; readonly no: number; readonly more: number; readonly limit: number }
  /** No large change waits to be done. */
  | { readonly kind: 'idle' }
  /** This part of this large change is the next to be done; it is done with this write. */
  | { readonly kind: 'part'; readonly journalId: string; readonly part: string }
  /** This large change is the first in the journal. */
  | { readonly kind: 'journal'; readonly journalId: string };

/** `raced`: somebody else changed an entry meanwhile; else the guard that did not hold. */
export type Saved = 'saved' | 'raced' | Guard['kind'];

export interface MemberRange {
  /** Only keys after this one. */
  readonly after?: ObservableKey;
  /** Only keys that begin so. */
  readonly prefix?: string;
  readonly limit: number;
}

/** Reads of one list, in the order of keys. */
export interface MemberReader {
  keys(no: number, range: MemberRange): Promise<ObservableKey[]>;
  /** The keys at these ranks, the first being 0, in one round trip; fewer when the list is shorter. */
  atRanks(no: number, ranks: readonly number[]): Promise<ObservableKey[]>;
  /** How many keys on the list begin so; '' for all. */
  count(no: number, prefix: string): Promise<number>;
  /** How many are in each of the ranges, and over which instants, in one round trip. */
  countRanges(asked: readonly { no: number; range: ScoreRange }[]): Promise<number[]>;
  /** The keys in a range with their scores, lowest first, at most `limit`, for each asked. */
  inRanges(
    asked: readonly { no: number; range: ScoreRange; limit: number }[],
  ): Promise<{ key: ObservableKey; score: number }[][]>;
  /** When a change was last found in the history of one of the list's observables. */
  lastChanges(nos: readonly number[]): Promise<(number | null)[]>;
}

/** Watched observables with their places and schedule. */
export interface EntryStore {
  load(keys: readonly ObservableKey[], lists?: readonly number[]): Promise<Holdings>;
  /** All or none. `now` decides what counts as expired in the index of states. */
  saveTogether(
    changes: readonly EntryChange[],
    guards: readonly Guard[],
    now: number,
  ): Promise<Saved>;
  /** Each for itself. @returns the keys that were saved; the others lost a race */
  saveEach(changes: readonly EntryChange[], now: number): Promise<Set<ObservableKey>>;
}

/** What the ticker looks for. */
export interface DueReader {
  allRules(): Promise<RuleBook>;
  expiredLeases(now: number, limit: number): Promise<ObservableKey[]>;
  /** Whose expiry passed and is not booked in the index of states yet. */
  unbookedExpiries(now: number, limit: number): Promise<ObservableKey[]>;
  /** Counts claims over all processes. @returns the count before */
  takeTurns(count: number): Promise<number>;
}
