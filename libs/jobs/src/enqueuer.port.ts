import type { RefreshJob } from './catalogue.js';

/** Where refreshes are asked for. */
export interface RefreshEnqueuer {
  /**
   * Asks for a refresh; asking again while it waits or runs changes nothing.
   *
   * @throws when the queue cannot be reached; fails fast, so that the caller can do without.
   */
  enqueue(job: RefreshJob): Promise<void>;
}
