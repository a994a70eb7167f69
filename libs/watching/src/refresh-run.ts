import type { HistoryWatch } from '#changes';
import type { Caller, EnrichmentService, Problem, Refreshed, RefreshPlan } from '#enrichment';
import type { RefreshJob } from '#jobs';
import type { CallCause } from '#ledger';

import { DEPLOYMENT } from './deployment.js';
import type { EndpointKind, HaltScope } from './halt.js';
import type { HaltBoard } from './halt-board.js';
import type { HistoryKeeper, Kept } from './history-keeper.js';
import type { LookAhead } from './look-ahead.js';
import type { RecordReading } from './look-of-reading.js';
import { decisiveProblem, haltReason, problemAction } from './problem-policy.js';
import type { ProblemAction } from './problem-policy.js';
import type { RefreshBooks, Run } from './refresh-books.js';
import type { RefreshEnd } from './refresh-end.js';
import { isResting } from './resting.js';
import { watchersOf } from './watchers.js';
import type { Watchers, WatcherSources } from './watchers.js';

export interface RefreshRunParts {
  /** Whose key upstream is asked with. */
  readonly caller: Caller;
  readonly enrichment: Pick<EnrichmentService, 'refresh'>;
  readonly watchers: WatcherSources;
  readonly histories: Pick<HistoryWatch, 'known'>;
  readonly keeper: Pick<HistoryKeeper, 'keep'>;
  readonly lookAhead: Pick<LookAhead, 'prospect'>;
  readonly halts: Pick<HaltBoard, 'refused' | 'lift'>;
  readonly books: RefreshBooks;
  readonly clock: () => number;
  /** Pages of a first fetch. */
  readonly firstFetchPages: number;
}

/** "Nothing known" of what rests outlives the next refresh by half an interval. */
const KEEP_INTERVALS = 1.5;
const NOTHING_KEPT: Kept = { changes: [], changedAt: undefined };

/**
 * Does one refresh: asks upstream through the cache of the relay, compares with what was known,
 * books when it is due again. Every step may be repeated, so a job that was cut off anywhere is
 * simply done again: what was fetched since it was due is not asked again, and the same look finds
 * nothing new.
 */
export class RefreshRun {
  readonly #parts: RefreshRunParts;

  constructor(parts: RefreshRunParts) {
    this.#parts = parts;
  }

  /**
   * Does a job. `isLast`: no further attempt comes, so a failure is booked.
   *
   * @throws when Redis fails, or ChangesError: the job is to be tried again.
   */
  async run(job: RefreshJob, isLast: boolean): Promise<RefreshEnd> {
    const watchers = await this.#watchersOf(job);
    if (isNobodys(job, watchers)) {
      return { kind: 'nobody' };
    }
    const run = { job, watchers, isLast };
    const errand = errandOf(run);
    this.#parts.books.begin(run);
    const { tenant } = job;
    const prospect = await this.#parts.lookAhead.prospect({ tenant, kind: kindOf(job), ...errand });
    if (!prospect.free) {
      return this.#parts.books.waiting(run, prospect);
    }
    const caller = { ...this.#parts.caller, errand };
    const plan = await this.#plan(run);
    const refreshed = await this.#parts.enrichment.refresh(caller, job.observable, plan);
    return this.#conclude(run, prospect.probes, refreshed);
  }

  /** Books that a job was given up from outside, so that its observable backs off. */
  async abandon(job: RefreshJob, reason: string): Promise<void> {
    const watchers = await this.#watchersOf(job);
    await this.#parts.books.failed({ job, watchers, isLast: true }, reason, undefined);
  }

  #watchersOf({ observable }: RefreshJob): Promise<Watchers> {
    return watchersOf(observable, this.#parts.watchers, this.#parts.clock());
  }

  async #plan(run: Run): Promise<RefreshPlan> {
    const { job, watchers } = run;
    return {
      ...(job.since !== undefined && { since: job.since }),
      ...(watchers.isNew && { depth: this.#parts.firstFetchPages }),
      resting: await this.#resting(run),
      keepMs: (watchers.intervalMs ?? 0) * KEEP_INTERVALS,
      onPage: (fetched, total) => {
        this.#parts.books.page(run, fetched, total);
      },
    };
  }

  async #resting({ job, watchers }: Run): Promise<ReadonlyMap<string, number>> {
    const { observable } = job;
    if (observable.type !== 'domain' || watchers.active.length === 0) {
      return new Map();
    }
    const subject = { tenant: DEPLOYMENT, observable, recordType: 'AAAA' } as const;
    const known = await this.#parts.histories.known(subject);
    return isResting(known, this.#parts.clock()) ? new Map([['aaaa', known.lookedAt]]) : new Map();
  }

  /** What was read counts, also when another question failed. */
  async #conclude(
    run: Run,
    probes: readonly HaltScope[],
    refreshed: readonly Refreshed[],
  ): Promise<RefreshEnd> {
    const readings = refreshed.flatMap((one) => readingIn(one) ?? []);
    const kept = await this.#keep(run, readings);
    const failures = refreshed.flatMap((one) => (one.state === 'failed' ? one.problem : []));
    const problem = decisiveProblem(failures);
    if (probes.length > 0 && readings.some(({ state }) => state === 'read')) {
      await this.#parts.halts.lift(run.job.tenant, probes);
    }
    return problem === undefined
      ? this.#parts.books.done(run, readings, kept)
      : this.#act(problemAction(problem.code), problem, { run, kept });
  }

  async #act(
    action: ProblemAction,
    problem: Problem,
    { run, kept }: { readonly run: Run; readonly kept: Kept },
  ): Promise<RefreshEnd> {
    const { books } = this.#parts;
    const { code } = problem;
    switch (action) {
      case 'halt_key':
        return books.waiting(run, await this.#halt(run, 'key', problem), kept);
      case 'halt_kind':
        return books.waiting(run, await this.#halt(run, kindOf(run.job), problem), kept);
      case 'wait':
        return books.waiting(run, { reason: code, until: problem.retryAt }, kept);
      case 'throttled':
        return books.throttled(run);
      case 'retry':
        if (run.isLast) {
          await books.failed(run, code, kept.changedAt);
        }
        return { kind: 'retry', code };
      case 'give_up':
        await books.failed(run, code, kept.changedAt);
        return { kind: 'give_up', code };
    }
  }

  async #halt({ job }: Run, scope: HaltScope, { code }: Problem) {
    const halt = await this.#parts.halts.refused(job.tenant, scope, haltReason(code));
    return { reason: halt.reason, until: halt.retryAt };
  }

  /** Of what nobody watches no history is kept. */
  async #keep({ job, watchers }: Run, readings: readonly RecordReading[]): Promise<Kept> {
    const { observable } = job;
    if (watchers.places.length === 0) {
      return NOTHING_KEPT;
    }
    const everywhere = watchers.places.map(({ watchlistId }) => watchlistId);
    const watchlists = watchers.active.length > 0 ? watchers.active : everywhere;
    return this.#parts.keeper.keep(readings, { observable, watchlists, ...watchedSince(watchers) });
  }
}

/** What is scheduled costs nothing once nobody wants it; an analyst's or operator's wish stands alone. */
function isNobodys({ cause }: RefreshJob, { places, active }: Watchers): boolean {
  switch (cause) {
    case 'stale':
      return false;
    case 'operator':
      return places.length > 0 && active.length === 0;
    case 'scheduled':
      return active.length === 0;
  }
}

/** No list pays for what an analyst was served stale. */
function errandOf({ job, watchers }: Run) {
  return {
    cause: causeOf(job, watchers),
    payers: job.cause === 'stale' ? [] : watchers.payers,
  };
}

function causeOf({ cause }: RefreshJob, { isNew }: Watchers): CallCause {
  if (cause === 'operator') {
    return 'OPERATOR';
  }
  return cause === 'scheduled' && isNew ? 'FIRST_FETCH' : 'REFRESH';
}

function kindOf({ observable }: RefreshJob): EndpointKind {
  return observable.type === 'domain' ? 'history' : 'list';
}

function watchedSince({ isNew, places }: Watchers): { readonly watchedSince?: number } {
  return isNew ? { watchedSince: Math.min(...places.map(({ addedAt }) => addedAt)) } : {};
}

function readingIn(one: Refreshed): RecordReading | undefined {
  return one.state === 'read' || one.state === 'held' ? one : undefined;
}
