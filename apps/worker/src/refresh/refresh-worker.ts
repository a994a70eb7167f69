import { JOB_KEY_PREFIX, REFRESH_QUEUE, RedisWorkerPresence } from '#jobs';
import type { Logger, RedisClient } from '#platform';
import { Worker } from 'bullmq';
import type { Job } from 'bullmq';

import { endWorker } from '../end-worker.js';
import type { RefreshProcessor } from './refresh.processor.js';

export interface RefreshWorkerParts {
  readonly redis: RedisClient;
  readonly processor: RefreshProcessor;
  readonly presence: RedisWorkerPresence;
  readonly tenant: string;
  readonly concurrency: number;
  readonly logger: Logger;
}

/** Well within the 30 s for which a worker is believed to live. */
const ANNOUNCE_MS = 10_000;

/** Takes refresh jobs from the queue, and says that it does. */
export class RefreshWorker {
  readonly #parts: RefreshWorkerParts;
  readonly #worker: Worker<unknown>;
  readonly #announcing: NodeJS.Timeout;

  constructor(parts: RefreshWorkerParts) {
    this.#parts = parts;
    this.#worker = new Worker<unknown>(
      REFRESH_QUEUE,
      (job, token) => parts.processor.process(job, token),
      {
        connection: parts.redis,
        prefix: JOB_KEY_PREFIX,
        concurrency: parts.concurrency,
        // A killed worker's job is taken up within seconds, and five kills do not condemn it.
        lockDuration: 15_000,
        stalledInterval: 5_000,
        maxStalledCount: 5,
      },
    );
    this.#worker.on('error', (err) => {
      parts.logger.debug({ err, event: 'queue.error' }, 'queue error');
    });
    this.#worker.on('failed', (job) => {
      this.#failed(job);
    });
    this.#announce();
    this.#announcing = setInterval(() => {
      this.#announce();
    }, ANNOUNCE_MS);
  }

  /** Takes no more jobs and ends those in hand; after 8 s they are left to another worker. */
  async close(): Promise<void> {
    clearInterval(this.#announcing);
    await this.#parts.presence.withdraw(this.#parts.tenant).catch(() => undefined);
    await endWorker(this.#worker);
  }

  /** BullMQ fails by itself what workers died over too often; nobody has booked that yet. */
  #failed(job: Job<unknown> | undefined): void {
    if (job?.deferredFailure === undefined) {
      return;
    }
    this.#parts.processor.stalled(job).catch((err: unknown) => {
      // Its claim ends by itself; then it is tried again.
      this.#parts.logger.warn({ err, event: 'refresh.stalled', jobId: job.id }, 'not booked');
    });
  }

  #announce(): void {
    this.#parts.presence.announce(this.#parts.tenant).catch((err: unknown) => {
      this.#parts.logger.debug({ err, event: 'presence.failed' }, 'presence not announced');
    });
  }
}
