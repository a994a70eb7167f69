import type { RefreshJob } from './catalogue.js';

/** What came of a wish: a job of its own, or the one that waits or runs already. */
export type Enqueued = 'queued' | 'already';

/** Where refreshes are asked for. */
export interface RefreshEnqueuer {
  /**
   * Asks for a refresh. One that waits already is not doubled, but goes as early as the more urgent
   * of the two wishes, is the operator's once one asks for it, and goes before all else
   * when the schedule asks for it again.
   *
   * @throws when the queue cannot be reached; fails fast on a connection that does.
   */
  enqueue(job: RefreshJob): Promise<Enqueued>;
  /** The same for many, in few round trips; what came of each, in the order of the jobs. */
  enqueueMany(jobs: readonly RefreshJob[]): Promise<readonly Enqueued[]>;
}
