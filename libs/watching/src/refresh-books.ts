import type { Change } from '#changes';
import type { ProblemCode } from '#enrichment';
import type { RefreshJob } from '#jobs';
import type { RefreshSchedule } from '#watch';

import type { Kept } from './history-keeper.js';
import type { RecordReading } from './look-of-reading.js';
import type { ProgressBus, RefreshProgress, RefreshState } from './progress.js';
import { isRestReason } from './refresh-end.js';
import type { RefreshEnd } from './refresh-end.js';
import type { Watchers } from './watchers.js';

/** One job under way. */
export interface Run {
  readonly job: RefreshJob;
  readonly watchers: Watchers;
  /** No further attempt comes. */
  readonly isLast: boolean;
}

/** Why it has to wait, and until when (epoch milliseconds) if that is known. */
export interface Wait {
  readonly reason: ProblemCode;
  readonly until: number | undefined;
}

export interface RefreshBooksParts {
  readonly schedule: Pick<RefreshSchedule, 'settle'>;
  readonly progress: Pick<ProgressBus, 'tell'>;
  readonly clock: () => number;
  readonly random: () => number;
  /** Told of every change that is found. */
  readonly onChange?: (change: Change) => void;
}

/** When nobody says until when. */
const USUAL_WAIT_MS = 15 * 60_000;
/** Of what waits, the rules may change meanwhile (a budget, a plan): it is looked at again by then. */
const LONGEST_WAIT_MS = 3_600_000;
const SHORTEST_WAIT_MS = 1_000;
/** What waits for one thing does not come back at one moment. */
const WAIT_SPREAD = 0.1;
const THROTTLE_MS = 5_000;

/** Books how refreshes go: in the schedule, and for those who look on. */
export class RefreshBooks {
  readonly #parts: RefreshBooksParts;

  constructor(parts: RefreshBooksParts) {
    this.#parts = parts;
  }

  begin(run: Run): void {
    this.#tell(run, 'FETCHING');
  }

  page(run: Run, pagesFetched: number, pagesTotal: number): void {
    this.#tell(run, 'FETCHING', { pagesFetched, pagesTotal });
  }

  /** It is as old as the oldest of its answers. */
  async done(run: Run, readings: readonly RecordReading[], kept: Kept): Promise<RefreshEnd> {
    const now = this.#parts.clock();
    const at = Math.min(now, ...readings.map(({ fetchedAt }) => fetchedAt));
    if (run.watchers.places.length > 0) {
      await this.#parts.schedule.settle(run.job.observable, {
        outcome: 'ok',
        at,
        ...changedAt(kept.changedAt),
      });
    }
    this.#announce(kept.changes);
    this.#tell(run, 'DONE');
    return { kind: 'done' };
  }

  /** Not a failure: what is due is put off, what is not due yet keeps its time. */
  async waiting(run: Run, { reason, until }: Wait, kept?: Kept): Promise<RefreshEnd> {
    const at = this.#parts.clock();
    const nextAt = this.#spread(at, until ?? at + USUAL_WAIT_MS);
    if (run.watchers.isOwed) {
      await this.#parts.schedule.settle(run.job.observable, {
        outcome: 'waiting',
        reason,
        at,
        nextAt,
        ...changedAt(kept?.changedAt),
      });
    }
    this.#announce(kept?.changes ?? []);
    this.#tell(run, 'QUEUED', { error: reason });
    return {
      kind: 'waiting',
      reason: isRestReason(reason) ? reason : 'uncounted',
      until: nextAt,
      scheduled: run.watchers.active.length > 0,
    };
  }

  throttled(run: Run): RefreshEnd {
    this.#tell(run, 'QUEUED', { error: 'throttled' });
    return { kind: 'throttled', ms: THROTTLE_MS * (1 + this.#parts.random()) };
  }

  /** The observable backs off, if it was its turn. */
  async failed(run: Run, reason: string, changed: number | undefined): Promise<void> {
    if (run.watchers.isOwed) {
      const end = { outcome: 'failed', reason, at: this.#parts.clock() } as const;
      await this.#parts.schedule.settle(run.job.observable, { ...end, ...changedAt(changed) });
    }
    this.#tell(run, 'FAILED', { error: reason });
  }

  #spread(now: number, until: number): number {
    const wait = Math.min(Math.max(until - now, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
    return Math.trunc(now + wait * (1 + this.#parts.random() * WAIT_SPREAD));
  }

  #announce(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#parts.onChange?.(change);
    }
    this.#parts.progress.tell(changes.map((change) => ({ kind: 'change', change })));
  }

  #tell(run: Run, state: RefreshState, more: Partial<RefreshProgress> = {}): void {
    const { job, watchers } = run;
    this.#parts.progress.tell([
      {
        kind: 'refresh',
        observable: job.observable,
        state,
        pagesFetched: 0,
        pagesTotal: null,
        at: this.#parts.clock(),
        error: null,
        watchlistIds: watchers.active,
        ...more,
      },
    ]);
  }
}

function changedAt(at: number | undefined): { readonly changedAt?: number } {
  return at === undefined ? {} : { changedAt: at };
}
