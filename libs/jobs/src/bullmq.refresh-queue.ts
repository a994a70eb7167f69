import type { Job, Queue } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';

import { LazyQueue } from './bullmq.queue.js';
import { REFRESH_QUEUE, refreshDeduplicationId, STALE_PRIORITY } from './catalogue.js';
import type { RefreshJob } from './catalogue.js';
import type { QueueFigures, RefreshQueueReader } from './queue-figures.js';

/** Of the jobs that wait, so many at the head and at the end are looked at for the oldest. */
const LOOKED_AT = 100;

type AnyQueue<T> = Queue<T, unknown, string, T>;

/** Looks at the BullMQ queue of refreshes. Uses a connection that it does not own. */
export class BullmqRefreshQueue implements RefreshQueueReader {
  readonly #queue: LazyQueue<RefreshJob>;

  constructor(redis: Redis | Cluster, onError: (error: Error) => void) {
    this.#queue = new LazyQueue({ name: REFRESH_QUEUE, redis, onError, jobs: {} });
  }

  async waiting(): Promise<number> {
    const queue = await this.#queue.ready();
    const [all, stale] = await Promise.all([
      queue.getJobCountByTypes('wait', 'prioritized'),
      queue.getCountsPerPriority([STALE_PRIORITY]),
    ]);
    return Math.max(0, all - (stale[STALE_PRIORITY] ?? 0));
  }

  async figures(): Promise<QueueFigures> {
    return queueFigures(await this.#queue.ready());
  }

  async held(jobs: readonly Pick<RefreshJob, 'tenant' | 'observable'>[]): Promise<boolean[]> {
    const queue = await this.#queue.ready();
    const ids = await Promise.all(
      jobs.map((job) => queue.getDeduplicationJobId(refreshDeduplicationId(job))),
    );
    return ids.map((id) => id !== null);
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}

/** A queue as it stands. */
export async function queueFigures<T>(queue: AnyQueue<T>): Promise<QueueFigures> {
  const [counts, paused, oldestWaitingAt, workers] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'completed', 'failed'),
    queue.isPaused(),
    oldestWaiting(queue),
    queue.getWorkersCount(),
  ]);
  const of = (state: string): number => counts[state] ?? 0;
  return {
    name: queue.name,
    paused,
    workers,
    waiting: of('wait'),
    prioritized: of('prioritized'),
    active: of('active'),
    delayed: of('delayed'),
    completed: of('completed'),
    failed: of('failed'),
    oldestWaitingAt,
  };
}

async function oldestWaiting<T>(queue: AnyQueue<T>): Promise<number | null> {
  const [head, end] = await Promise.all([
    queue.getJobs(['wait', 'prioritized'], 0, LOOKED_AT - 1, true),
    queue.getJobs(['wait', 'prioritized'], -LOOKED_AT, -1, true),
  ]);
  // One that was done between two questions is not there.
  const jobs: (Job<T> | undefined)[] = [...head, ...end];
  const times = jobs.flatMap((job) => job?.timestamp ?? []);
  return times.length === 0 ? null : Math.min(...times);
}
