import type { Cluster, Redis } from 'ioredis';

import { LazyQueue } from './bullmq.queue.js';
import { SCHEDULE_QUEUE } from './catalogue.js';

/** The one job scheduler, and the name of its jobs. */
const TICK = 'due';
/** Between two ticks, over all workers together. */
const EVERY_MS = 500;
/** A scheduler that is so late has lost its next job, with a worker or with Redis' last second. */
const LOST_AFTER_MS = 3_000;

/**
 * The ticks that move what is due into the queue of refreshes: one job scheduler for all workers,
 * whatever their number. Uses a connection that it does not own.
 */
export class BullmqTickSchedule {
  readonly #queue: LazyQueue<object>;

  constructor(redis: Redis | Cluster, onError: (error: Error) => void) {
    this.#queue = new LazyQueue({
      name: SCHEDULE_QUEUE,
      redis,
      onError,
      jobs: { removeOnComplete: true, removeOnFail: { count: 10 } },
    });
  }

  /** Sets the scheduler up when it is not there, or when its next job was lost. */
  async ensure(now: number): Promise<void> {
    const queue = await this.#queue.ready();
    const scheduler = await queue.getJobScheduler(TICK);
    if (scheduler?.next === undefined || scheduler.next < now - LOST_AFTER_MS) {
      await queue.upsertJobScheduler(
        TICK,
        { every: EVERY_MS },
        { name: TICK, data: {}, opts: { priority: 1 } },
      );
    }
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}
