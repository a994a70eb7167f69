import type { RefreshJob } from './catalogue.js';

/** A queue as it stands; the words of the operations API. */
export interface QueueFigures {
  readonly name: string;
  readonly paused: boolean;
  readonly workers: number;
  readonly waiting: number;
  readonly prioritized: number;
  readonly active: number;
  readonly delayed: number;
  readonly completed: number;
  readonly failed: number;
  /**
   * When the job that waits longest was put there, epoch milliseconds; null when none waits. Looked
   * for among the first and the last hundred.
   */
  readonly oldestWaitingAt: number | null;
}

/** Looks at the queue of refreshes. */
export interface RefreshQueueReader {
  /**
   * How many jobs could begin now, but for what analysts were served stale: that comes in on its own,
   * and must not keep out what is due.
   */
  waiting(): Promise<number>;
  figures(): Promise<QueueFigures>;
  /** Whether a job for each of these waits or runs. */
  held(jobs: readonly Pick<RefreshJob, 'tenant' | 'observable'>[]): Promise<boolean[]>;
}
