import { Queue } from 'bullmq';
import type { JobsOptions } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';

import { JOB_KEY_PREFIX } from './catalogue.js';

export interface QueueOptions {
  readonly name: string;
  /** Not owned: closing the queue leaves it open. */
  readonly redis: Redis | Cluster;
  readonly jobs: JobsOptions;
  readonly onError: (error: Error) => void;
}

/** A queue that is opened when it is first needed, and again when that did not succeed. */
export class LazyQueue<T> {
  readonly #options: QueueOptions;
  #queue: Queue<T, unknown, string, T> | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /**
   * BullMQ asks Redis about itself once and keeps the outcome for good: a queue that met an absent
   * Redis would refuse every job, also when Redis is back. Such a one is thrown away.
   */
  async ready(): Promise<Queue<T, unknown, string, T>> {
    const queue = (this.#queue ??= openQueue<T>(this.#options));
    try {
      await queue.waitUntilReady();
    } catch (error) {
      if (this.#queue === queue) {
        this.#queue = undefined;
        queue.close().catch(this.#options.onError);
      }
      throw error;
    }
    return queue;
  }

  async close(): Promise<void> {
    await this.#queue?.close();
  }
}

function openQueue<T>({ name, redis, jobs, onError }: QueueOptions) {
  const queue = new Queue<T, unknown, string, T>(name, {
    connection: redis,
    prefix: JOB_KEY_PREFIX,
    // The process must start, and answer, while Redis is away.
    skipWaitingForReady: true,
    streams: { events: { maxLen: 1_000 } },
    defaultJobOptions: jobs,
  });
  queue.on('error', onError);
  return queue;
}
