import { EnrichmentService, problemOf } from '#enrichment';
import type { Caller } from '#enrichment';
import { JobError, parseRefreshJob, RedisWorkerPresence } from '#jobs';
import type { RefreshJob } from '#jobs';
import type { Logger } from '#platform';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';

import { failureAction } from './failure-policy.js';

export interface RefreshProcessorParts {
  /** The one key that this worker holds, and its tenant. */
  readonly caller: Caller;
  readonly enrichment: EnrichmentService;
  readonly presence: RedisWorkerPresence;
  readonly logger: Logger;
  readonly clock: () => number;
}

/** How long a job that another worker must do stays away before somebody looks at it again. */
const PASS_ON_MS = 1_000;

/** Does refresh jobs: writes through the cache that the relay answers from. */
export class RefreshProcessor {
  readonly #parts: RefreshProcessorParts;

  constructor(parts: RefreshProcessorParts) {
    this.#parts = parts;
  }

  /** For BullMQ. Idempotent: what is fresh by now is left alone. */
  async process(job: Job<unknown>, token: string | undefined): Promise<'done' | 'nobody'> {
    const refresh = refreshOf(job);
    if (refresh.tenant !== this.#parts.caller.tenant) {
      return this.#passOn(refresh, job, token);
    }
    try {
      await this.#parts.enrichment.refresh(this.#parts.caller, refresh.observable);
      return 'done';
    } catch (error) {
      return this.#failed(error, job, token);
    }
  }

  async #failed(error: unknown, job: Job<unknown>, token: string | undefined): Promise<never> {
    const { code } = problemOf(error);
    const decision = failureAction(code);
    this.#parts.logger.info(
      { err: error, event: 'refresh.failed', jobId: job.id, code, action: decision.action },
      'refresh failed',
    );
    switch (decision.action) {
      case 'retry':
        // A code, not the error: its words would lie in Redis.
        throw new Error(code, { cause: error });
      case 'give_up':
        throw new UnrecoverableError(code);
      case 'wait':
        return this.#later(job, token, decision.ms);
    }
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
    await job.moveToDelayed(this.#parts.clock() + ms, token);
    throw new DelayedError();
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
