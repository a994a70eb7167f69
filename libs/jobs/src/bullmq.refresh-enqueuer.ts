import { Queue } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';

import { JOB_KEY_PREFIX, PRIORITY, REFRESH_QUEUE, refreshDeduplicationId } from './catalogue.js';
import type { RefreshJob } from './catalogue.js';
import type { RefreshEnqueuer } from './enqueuer.port.js';
import { parseRefreshJob } from './refresh-job.schema.js';

const DAY_SECONDS = 86_400;

/** Puts refreshes on the BullMQ queue. Uses a fail-fast connection that it does not own. */
export class BullmqRefreshEnqueuer implements RefreshEnqueuer {
  readonly #redis: Redis | Cluster;
  readonly #onError: (error: Error) => void;
  #queue: Queue<RefreshJob> | undefined;

  constructor(redis: Redis | Cluster, onError: (error: Error) => void) {
    this.#redis = redis;
    this.#onError = onError;
  }

  async enqueue(job: RefreshJob): Promise<void> {
    const data = parseRefreshJob(job);
    const queue = await this.#ready();
    await queue.add(REFRESH_QUEUE, data, {
      priority: PRIORITY[data.cause],
      deduplication: { id: refreshDeduplicationId(data) },
    });
  }

  async close(): Promise<void> {
    await this.#queue?.close();
  }

  /**
   * BullMQ asks Redis about itself once and keeps the outcome for good: a queue that met an absent
   * Redis would refuse every job, also when Redis is back. Such a one is thrown away.
   */
  async #ready(): Promise<Queue<RefreshJob>> {
    const queue = (this.#queue ??= openQueue(this.#redis, this.#onError));
    try {
      await queue.waitUntilReady();
    } catch (error) {
      if (this.#queue === queue) {
        this.#queue = undefined;
        queue.close().catch(this.#onError);
      }
      throw error;
    }
    return queue;
  }
}

function openQueue(redis: Redis | Cluster, onError: (error: Error) => void): Queue<RefreshJob> {
  const queue = new Queue<RefreshJob>(REFRESH_QUEUE, {
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
  queue.on('error', onError);
  return queue;
}
