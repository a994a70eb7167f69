import type { Cluster, Redis } from 'ioredis';

import { LazyQueue } from './bullmq.queue.js';
import { WEBHOOK_QUEUE } from './catalogue.js';
import type { WebhookJob } from './catalogue.js';
import { parseWebhookJob } from './webhook-job.schema.js';

const DAY_SECONDS = 86_400;

/** A delivery and when it is to be tried, epoch milliseconds. */
export interface DueDelivery {
  readonly job: WebhookJob;
  readonly at: number;
}

/**
 * Puts attempts at deliveries on the BullMQ queue. A job only wakes somebody up: whether there is
 * something to do is told by the delivery. Uses a connection that it does not own.
 */
export class BullmqWebhookEnqueuer {
  readonly #queue: LazyQueue<WebhookJob>;
  readonly #clock: () => number;

  constructor(redis: Redis | Cluster, clock: () => number, onError: (error: Error) => void) {
    this.#clock = clock;
    this.#queue = new LazyQueue({
      name: WEBHOOK_QUEUE,
      redis,
      onError,
      jobs: {
        // Of failures of our own, such as Redis away; those of the receiver are the delivery's.
        attempts: 4,
        backoff: { type: 'exponential', delay: 5_000, jitter: 0.5 },
        removeOnComplete: { count: 1_000, age: DAY_SECONDS },
        removeOnFail: { count: 1_000, age: 7 * DAY_SECONDS },
      },
    });
  }

  /** The same delivery for the same instant is one job while that waits or runs. */
  async enqueue(due: readonly DueDelivery[]): Promise<void> {
    const now = this.#clock();
    const jobs = due.map(({ job, at }) => ({
      name: WEBHOOK_QUEUE,
      data: parseWebhookJob(job),
      opts: {
        deduplication: { id: `${job.deliveryId}-${at}` },
        delay: Math.max(0, at - now),
      },
    }));
    const queue = await this.#queue.ready();
    await queue.addBulk(jobs);
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}
