import type { Interval } from './interval.js';
import type { Subject } from './subject.js';

/**
 * How much of the history a look has read: all of it; or its head, from the newest interval down to
 * the one first seen on `since`. With null it is some part, and nothing follows from what it lacks.
 */
export type Reach = 'all' | { readonly since: string | null };

/** What one reading of one history showed. */
export interface Look extends Subject {
  /** Epoch milliseconds at which upstream answered. */
  readonly at: number;
  /** Newest first. For an address: the host names, with neither first nor last day. */
  readonly intervals: readonly Interval[];
  readonly reach: Reach;
  /** The lists that the observable was on; a change found by this look names them. */
  readonly watchlists: readonly string[];
  /**
   * Since when it is watched, epoch milliseconds, at its first refresh since: what became of a
   * history that was last looked at before is taken over, and is no news.
   */
  readonly watchedSince?: number;
}
