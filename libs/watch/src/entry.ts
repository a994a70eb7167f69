import type { ObservableKey } from './observable-key.js';

/** What is known of an observable's refreshes, whatever lists it is on. Epoch milliseconds. */
export interface Facts {
  /** When it is due next; while it is leased, when that lease ends. */
  readonly nextAt: number;
  /** A worker has it. */
  readonly leased: boolean;
  /**
   * It came due and was put off for {@link Facts.reason}, or was taken back from a worker, or an
   * operator made it due; no failure.
   */
  readonly held: boolean;
  readonly lastRefreshedAt: number | null;
  readonly lastChangeAt: number | null;
  readonly failures: number;
  /** A short code: why it is held, why it failed last, or that an operator asked for it. */
  readonly reason: string | null;
}

/** An observable's place on one list. */
export interface Membership {
  readonly note: string | null;
  readonly addedAt: number;
  readonly addedBy: string;
  readonly expiresAt: number | null;
  readonly paused: boolean;
}

/** One watched observable: its schedule, and its place on each of its lists, by list number. */
export interface Entry {
  readonly key: ObservableKey;
  readonly facts: Facts;
  readonly memberships: ReadonlyMap<number, Membership>;
}
