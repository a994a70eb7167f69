import type { ProblemCode } from '#enrichment';
import { JobError, parseRefreshJob } from '#jobs';
import type { RedisWorkerPresence, RefreshJob } from '#jobs';
import type { Logger } from '#platform';
import type { RefreshEnd, RefreshRun } from '#watching';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';

import type { WorkerMetrics } from '../worker-metrics.js';

export interface RefreshProcessorParts {
  /** Of the one key that this worker holds. */
  readonly tenant: string;
  readonly refreshRun: Pick<RefreshRun, 'run' | 'abandon'>;
  readonly presence: Pick<RedisWorkerPresence, 'has'>;
  readonly metrics: Pick<WorkerMetrics, 'ended'>;
  readonly logger: Logger;
  /** The time by which refreshes wait. */
  readonly clock: () => number;
  /** The time by which the queue waits: that of its machines. */
  readonly queueClock: () => number;
}

/** How long a job that another worker must do stays away before somebody looks at it again. */
const PASS_ON_MS = 1_000;
/** A wish that nothing but its job remembers is given up when it could not be done in a day. */
const LONGEST_WISH_MS = 86_400_000;

/** What a job may come to, as it is kept with it. */
export type JobResult = 'done' | 'nobody' | 'waiting';

/** Does refresh jobs: turns the ends of refreshes into those of BullMQ's jobs. */
export class RefreshProcessor {
  readonly #parts: RefreshProcessorParts;

  constructor(parts: RefreshProcessorParts) {
    this.#parts = parts;
  }

  /** For BullMQ. May be repeated. */
  async process(job: Job<unknown>, token: string | undefined): Promise<JobResult> {
    const refresh = refreshOf(job);
    if (refresh.tenant !== this.#parts.tenant) {
      return this.#passOn(refresh, job, token);
    }
    const end = await this.#run(refresh, job);
    this.#parts.metrics.ended(end);
    return this.#close(end, job, token);
  }

  /** For BullMQ, of a job that failed because its workers died over it. */
  async stalled(job: Job<unknown>): Promise<void> {
    const refresh = refreshOf(job);
    if (refresh.tenant === this.#parts.tenant) {
      this.#parts.metrics.ended({ kind: 'stalled' });
      await this.#parts.refreshRun.abandon(refresh, 'stalled');
    }
  }

  async #run(refresh: RefreshJob, job: Job<unknown>): Promise<RefreshEnd> {
    const { refreshRun, logger } = this.#parts;
    const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    try {
      return await refreshRun.run(refresh, isLast);
    } catch (err) {
      logger.warn({ err, event: 'refresh.crashed', jobId: job.id }, 'a refresh crashed');
      if (isLast) {
        await refreshRun.abandon(refresh, 'internal');
      }
      return { kind: 'retry', code: 'internal' };
    }
  }

  async #close(end: RefreshEnd, job: Job<unknown>, token: string | undefined): Promise<JobResult> {
    switch (end.kind) {
      case 'done':
      case 'nobody':
        return end.kind;
      case 'waiting':
        return this.#isWorthKeeping(end, job)
          ? this.#later(job, token, end.until - this.#parts.clock())
          : 'waiting';
      case 'throttled':
        return this.#later(job, token, end.ms);
      case 'retry':
        this.#log(job, end);
        // A code, not an error with words: they would lie in Redis.
        throw new Error(end.code);
      case 'give_up':
        this.#log(job, end);
        throw new UnrecoverableError(end.code);
    }
  }

  /** What is scheduled comes back by itself. */
  #isWorthKeeping({ scheduled }: { readonly scheduled: boolean }, job: Job<unknown>): boolean {
    return !scheduled && this.#parts.queueClock() - job.timestamp < LONGEST_WISH_MS;
  }

  /** A job for another key goes to the worker that holds it; without one it is nobody's. */
  async #passOn(
    refresh: RefreshJob,
    job: Job<unknown>,
    token: string | undefined,
  ): Promise<'nobody'> {
    if (await this.#parts.presence.has(refresh.tenant)) {
      return this.#later(job, token, PASS_ON_MS);
    }
    return 'nobody';
  }

  async #later(job: Job<unknown>, token: string | undefined, ms: number): Promise<never> {
    await job.moveToDelayed(Math.trunc(this.#parts.queueClock() + ms), token);
    throw new DelayedError();
  }

  #log(job: Job<unknown>, { kind, code }: { readonly kind: string; readonly code: ProblemCode }) {
    this.#parts.logger.info(
      { event: 'refresh.failed', jobId: job.id, code, action: kind },
      'refresh failed',
    );
  }
}

/** A payload that nobody can read stays unreadable, however often it is tried. */
function refreshOf({ data }: Job<unknown>): RefreshJob {
  try {
    return parseRefreshJob(data);
  } catch (error) {
    throw error instanceof JobError ? new UnrecoverableError(error.code) : error;
  }
}
