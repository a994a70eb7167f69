import type { ChangeStore } from '#changes';
import type { RefreshEnqueuer, RefreshJob, RefreshQueueReader } from '#jobs';
import type { Ledger } from '#ledger';
import type { Claim, RefreshSchedule, RollForward } from '#watch';

import type { Pacemaker } from './pacemaker.js';
import { DEPLOYMENT } from './deployment.js';
import type { ProgressBus } from './progress.js';
import type { RestReason } from './refresh-end.js';
import type { Work, WorkState } from './work-state.js';

export interface DueTickParts {
  readonly tenant: string;
  readonly schedule: Pick<
    RefreshSchedule,
    'bookExpiries' | 'claimDue' | 'claimed' | 'giveBack' | 'requeueExpiredLeases'
  >;
  readonly rollForward: Pick<RollForward, 'run'>;
  readonly queue: Pick<RefreshQueueReader, 'waiting' | 'held'>;
  readonly enqueuer: Pick<RefreshEnqueuer, 'enqueueMany'>;
  readonly work: Pick<WorkState, 'follow'>;
  readonly pace: Pick<Pacemaker, 'caps' | 'claimed'>;
  readonly changes: Pick<ChangeStore, 'trim'>;
  readonly ledger: Pick<Ledger, 'sweep'>;
  readonly progress: Pick<ProgressBus, 'tell'>;
  /** Asks upstream for its own count of calls, if that is wanted now. */
  readonly readUsage: () => Promise<void>;
  readonly clock: () => number;
}

/** What one tick did. */
export interface TickReport {
  readonly work: Work;
  readonly enqueued: number;
  /** Taken back from workers that died or jobs that were lost. */
  readonly takenBack: number;
}

/**
 * Jobs in the queue that nobody has begun. Few, so that what is urgent never stands behind much, and
 * so that the shares of the claims, not the order of the queue, say who goes.
 */
const DEPTH = 200;
const BATCH = 100;
const HOUSEKEEPING_MS = 60_000;
/** A claim so old has its job in the queue, unless that was lost. */
const ENQUEUED_WITHIN_MS = 5_000;
const LOOK_FOR_LOST_MS = 2_000;
const QUOTA_REASONS: readonly RestReason[] = ['quota', 'hard_limit', 'reserve'];

/** Moves what is due into the queue of refreshes, in bounded batches. Any number may run at once. */
export class DueTick {
  readonly #parts: DueTickParts;
  #housekeptAt = -Infinity;
  #lookedForLostAt = -Infinity;

  constructor(parts: DueTickParts) {
    this.#parts = parts;
  }

  /** One tick. @throws when Redis fails; the next tick does what this one did not */
  async run(): Promise<TickReport> {
    const { rollForward, work: state, tenant } = this.#parts;
    await rollForward.run();
    const takenBack = await this.#takeBack();
    const work = await state.follow(tenant);
    const enqueued = await this.#enqueueDue(work);
    await this.#keepHouse(work, enqueued);
    return { work, enqueued, takenBack };
  }

  async #enqueueDue(work: Work): Promise<number> {
    const { schedule, queue, pace, clock } = this.#parts;
    let room = mayBegin(work, await queue.waiting(), clock());
    let enqueued = 0;
    while (room > 0) {
      const wanted = Math.min(room, BATCH);
      const claims = await schedule.claimDue(clock(), wanted, await pace.caps());
      pace.claimed(claims);
      await this.#enqueue(claims);
      enqueued += claims.length;
      room -= claims.length;
      if (claims.length < wanted) {
        break;
      }
    }
    return enqueued;
  }

  async #enqueue(claims: readonly Claim[]): Promise<void> {
    const { tenant, enqueuer, progress, clock } = this.#parts;
    if (claims.length === 0) {
      return;
    }
    await enqueuer.enqueueMany(claims.map((claim) => jobOf(tenant, claim)));
    const at = clock();
    progress.tell(
      claims.map(({ observable, watchlistIds }) => ({
        kind: 'refresh',
        observable,
        state: 'QUEUED',
        pagesFetched: 0,
        pagesTotal: null,
        at,
        error: null,
        watchlistIds,
      })),
    );
  }

  /** A ticker that is killed between claim and enqueueing leaves claims without a job. */
  async #takeBack(): Promise<number> {
    const { schedule, clock } = this.#parts;
    const now = clock();
    // Claims do so too, but nothing is claimed while work rests.
    await schedule.bookExpiries(now);
    const expired = await schedule.requeueExpiredLeases(now);
    if (now - this.#lookedForLostAt < LOOK_FOR_LOST_MS) {
      return expired;
    }
    this.#lookedForLostAt = now;
    return expired + (await this.#takeBackLost(now - ENQUEUED_WITHIN_MS));
  }

  async #takeBackLost(claimedBefore: number): Promise<number> {
    const { schedule, queue, tenant } = this.#parts;
    const claimed = await schedule.claimed(claimedBefore);
    if (claimed.length === 0) {
      return 0;
    }
    const held = await queue.held(claimed.map((observable) => ({ tenant, observable })));
    const lost = claimed.filter((_, index) => held[index] === false);
    return schedule.giveBack(lost, claimedBefore);
  }

  async #keepHouse(work: Work, enqueued: number): Promise<void> {
    const { changes, ledger, clock, readUsage } = this.#parts;
    const now = clock();
    if (now - this.#housekeptAt < HOUSEKEEPING_MS) {
      return;
    }
    this.#housekeptAt = now;
    await Promise.all([changes.trim(DEPLOYMENT, now), ledger.sweep()]);
    if (isUsageOfInterest(work, enqueued)) {
      await readUsage();
    }
  }
}

/** How many may be claimed: none while work rests, then one that tries. */
function mayBegin({ rest }: Work, waiting: number, now: number): number {
  if (rest === null) {
    return DEPTH - waiting;
  }
  // The first call that needs it asks for an allowance that nobody knows.
  const tries = rest.reason === 'quota_unknown' || (rest.until !== null && rest.until <= now);
  return tries && waiting === 0 ? 1 : 0;
}

/**
 * Upstream's own count matters while calls are made, and while work rests for want of quota. An
 * allowance that nobody knows is left to the call that needs it: that one may say why there is none.
 */
function isUsageOfInterest({ rest }: Work, enqueued: number): boolean {
  return rest === null ? enqueued > 0 : QUOTA_REASONS.includes(rest.reason);
}

function jobOf(tenant: string, claim: Claim): RefreshJob {
  const { observable, asked, dueAt, first, priority } = claim;
  return {
    tenant,
    observable,
    cause: asked ? 'operator' : 'scheduled',
    since: dueAt,
    first,
    priority,
  };
}
