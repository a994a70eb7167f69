import { BullmqTickSchedule, JOB_KEY_PREFIX, SCHEDULE_QUEUE } from '#jobs';
import type { Logger, RedisClient } from '#platform';
import type { DueTick } from '#watching';
import { Worker } from 'bullmq';

import { endWorker } from '../end-worker.js';
import type { WorkerMetrics } from '../worker-metrics.js';

export interface ScheduleWorkerParts {
  readonly redis: RedisClient;
  readonly dueTick: Pick<DueTick, 'run'>;
  readonly metrics: Pick<WorkerMetrics, 'ticked'>;
  readonly logger: Logger;
  /** The time by which the queue waits: that of its machines. */
  readonly queueClock: () => number;
}

const ENSURE_MS = 2_000;

/** Does the ticks, and sees to it that they come. One at a time in each worker. */
export class ScheduleWorker {
  readonly #parts: ScheduleWorkerParts;
  readonly #schedule: BullmqTickSchedule;
  readonly #worker: Worker<unknown>;
  readonly #ensuring: NodeJS.Timeout;
  #isEnsuring = false;

  constructor(parts: ScheduleWorkerParts) {
    this.#parts = parts;
    const onError = (err: unknown): void => {
      parts.logger.debug({ err, event: 'queue.error' }, 'queue error');
    };
    this.#schedule = new BullmqTickSchedule(parts.redis, onError);
    this.#worker = new Worker<unknown>(SCHEDULE_QUEUE, () => this.#tick(), {
      connection: parts.redis,
      prefix: JOB_KEY_PREFIX,
      concurrency: 1,
      lockDuration: 5_000,
      stalledInterval: 2_500,
    });
    this.#worker.on('error', onError);
    void this.#ensure();
    this.#ensuring = setInterval(() => void this.#ensure(), ENSURE_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#ensuring);
    await endWorker(this.#worker);
    await this.#schedule.close();
  }

  /** A tick that fails is made good by the next one. */
  async #tick(): Promise<void> {
    const { dueTick, metrics, logger } = this.#parts;
    try {
      await dueTick.run();
      metrics.ticked('ok');
    } catch (err) {
      metrics.ticked('failed');
      logger.warn({ err, event: 'tick.failed' }, 'a tick failed');
    }
  }

  async #ensure(): Promise<void> {
    if (this.#isEnsuring) {
      return;
    }
    this.#isEnsuring = true;
    try {
      await this.#schedule.ensure(this.#parts.queueClock());
    } catch (err) {
      this.#parts.logger.debug({ err, event: 'schedule.failed' }, 'the ticks are not set up');
    } finally {
      this.#isEnsuring = false;
    }
  }
}
