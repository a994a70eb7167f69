import { Queue } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';

import { JOB_KEY_PREFIX, PRIORITY, REFRESH_QUEUE, refreshDeduplicationId } from './catalogue.js';
import type { RefreshJob } from './catalogue.js';
import type { RefreshEnqueuer } from './enqueuer.port.js';
import { parseRefreshJob } from './refresh-job.schema.js';

const DAY_SECONDS = 86_400;

/** Puts refreshes on the BullMQ queue. Uses a fail-fast connection that it does not own. */
export class BullmqRefreshEnqueuer implements RefreshEnqueuer {
  readonly #queue: Queue<RefreshJob>;

  constructor(redis: Redis | Cluster, onError: (error: Error) => void) {
    this.#queue = new Queue<RefreshJob>(REFRESH_QUEUE, {
      connection: redis,
      prefix: JOB_KEY_PREFIX,
      // The process must start, and answer, while Redis is away.
      skipWaitingForReady: true,
      streams: { events: { maxLen: 1_000 } },
      defaultJobOptions: {
        attempts: 4,
        backoff: { type: 'exponential', delay: 5_000, jitter: 0.5 },
        removeOnComplete: { count: 1_000, age: DAY_SECONDS },
        removeOnFail: { count: 1_000, age: 7 * DAY_SECONDS },
      },
    });
    this.#queue.on('error', onError);
  }

  async enqueue(job: RefreshJob): Promise<void> {
    await this.#queue.add(REFRESH_QUEUE, parseRefreshJob(job), {
      priority: PRIORITY[job.cause],
      deduplication: { id: refreshDeduplicationId(job) },
    });
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
