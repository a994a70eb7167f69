import type { CanonicalObservable } from '#observables';

import type { QueueFigures } from './queue-figures.js';

/** The states of a job, in the words of the operations API. */
export const JOB_STATES = [
  'WAITING',
  'PRIORITIZED',
  'ACTIVE',
  'DELAYED',
  'COMPLETED',
  'FAILED',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A job as it stands. Instants are epoch milliseconds. */
export interface JobView {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  /** Null when it is about none. */
  readonly observable: CanonicalObservable | null;
  readonly attemptsMade: number;
  /** As the worker gave it; no secret in it. */
  readonly failedReason: string | null;
  readonly createdAt: number;
  readonly processedAt: number | null;
  readonly finishedAt: number | null;
}

export interface JobPage {
  readonly jobs: readonly { readonly cursor: string; readonly job: JobView }[];
  readonly hasMore: boolean;
  readonly total: number;
}

/** The queues under an operator's hands. Queues go by name; undefined is the answer for any other. */
export interface QueueDesk {
  queues(): Promise<readonly QueueFigures[]>;
  /**
   * Jobs of a state in the order of its queue.
   *
   * @param after a cursor of an earlier page; stays valid when its job is gone.
   */
  page(
    queue: string,
    query: { readonly state: JobState; readonly first: number; readonly after?: string },
  ): Promise<JobPage | undefined>;
  job(queue: string, id: string): Promise<JobView | undefined>;
  /** Nothing of it begins any more, in any process, until it is resumed. Safe to repeat. */
  setPaused(queue: string, paused: boolean): Promise<QueueFigures | undefined>;
  /** Puts failed jobs back: all, or one; the answer is how many. */
  retry(queue: string, id?: string): Promise<number | undefined>;
}
