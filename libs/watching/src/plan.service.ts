import { PLANNING_MONTH_MS, previewCost } from '#ledger';
import type { CostPreview, CostQuestion, Ledger } from '#ledger';
import type { CanonicalObservable } from '#observables';
import type { ListService, Watchlist, WatchLimits } from '#watch';

import { intervalOf } from './active-lists.js';
import { Load } from './plan-load.js';
import type { Demand } from './plan-load.js';

import { survey } from './plan-survey.js';
import type { PlanBasis, SurveyParts } from './plan-survey.js';
import { shareInBatch } from './resting-share.js';

/** What refreshes of the lists as they are cost, in upstream calls a month of 30 days. */
export interface Plan {
  readonly callsPerMonth: number;
  readonly basis: PlanBasis;
  /** By the list that pays; lists that are not enabled have none. */
  readonly byList: ReadonlyMap<string, number>;
}

/**
 * What adding observables to a list would cost; nothing is saved. `firstFetchCalls` is one page of
 * each history.
 */
export interface ImportPreview extends CostPreview {
  /** Different observables, those on the list already among them. */
  readonly accepted: number;
  readonly alreadyWatched: number;
  /** When every history has all the pages that a first fetch reads. */
  readonly firstFetchCallsMost: number;
  readonly basis: PlanBasis;
  /** Between these `callsPerMonth` lies: measured, 19 times of 20; assumed, always. */
  readonly callsPerMonthRange: { readonly least: number; readonly most: number };
  /** Calls a month that there are; null: not known, and then anything fits. */
  readonly quotaLimit: number | null;
}

export interface PlanParts extends SurveyParts {
  readonly lists: ListService;
  readonly ledger: Pick<Ledger, 'account'>;
  readonly limits: Pick<WatchLimits, 'minIntervalSeconds' | 'maxIntervalSeconds'>;
  /** Pages of each history that a first fetch reads at most. */
  readonly firstFetchPages: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

const ALL = { first: Number.MAX_SAFE_INTEGER };
/** Observables looked up in one step. */
const STEP = 500;

/** Says what watching will cost. Reads only; of a long list a sample. */
export class PlanService {
  readonly #parts: PlanParts;

  constructor(parts: PlanParts) {
    this.#parts = parts;
  }

  async plan(): Promise<Plan> {
    const { items } = await this.#parts.lists.page(ALL);
    const { callsPerMonth, byList, basis } = await survey(this.#parts, items);
    return { callsPerMonth, byList, basis };
  }

  /**
   * The cost of adding observables to a list, as if that were enabled and had no budget. What other
   * lists pay for already is not counted again. Of names never asked for, as many are taken to have
   * no AAAA records as of those that are watched.
   */
  async preview(
    tenant: string,
    list: Watchlist,
    observables: readonly CanonicalObservable[],
  ): Promise<ImportPreview> {
    const { items } = await this.#parts.lists.page(ALL);
    const [surveyed, account, load] = await Promise.all([
      survey(this.#parts, items),
      this.#parts.ledger.account(tenant),
      this.#load(new Load(list, items), observables),
    ]);
    const share = shareInBatch(surveyed.restingShare, load.names);
    const demand = load.demand(share.likely);
    const { firstFetchCalls, alreadyWatched } = load;
    const intervalMs = intervalOf(list);
    const cost = previewCost({
      ...this.#question(demand, intervalMs),
      firstFetchCalls,
      plannedPerMonth: surveyed.callsPerMonth + demand.beside,
      account,
    });
    return {
      ...cost,
      callsPerMonth: callsPerMonth(demand, intervalMs),
      callsPerMonthRange: {
        least: callsPerMonth(load.demand(share.most), intervalMs),
        most: callsPerMonth(load.demand(share.least), intervalMs),
      },
      basis: load.names > 0 && share.measuredBy === 0 ? 'assumed' : 'measured',
      firstFetchCallsMost: firstFetchCalls * this.#parts.firstFetchPages,
      accepted: observables.length,
      alreadyWatched,
      quotaLimit: account.limit,
    };
  }

  async #load(load: Load, observables: readonly CanonicalObservable[]): Promise<Load> {
    for (let start = 0; start < observables.length; start += STEP) {
      const part = observables.slice(start, start + STEP);
      const places = await this.#parts.reader.watchedBy(part);
      part.forEach((observable, index) => {
        load.add(observable, places[index] ?? []);
      });
    }
    return load;
  }

  #question({ callsPerRefresh }: Demand, intervalMs: number) {
    const { limits, clock } = this.#parts;
    return {
      callsPerRefresh,
      intervalMs,
      now: clock(),
      minIntervalMs: limits.minIntervalSeconds * 1_000,
      maxIntervalMs: limits.maxIntervalSeconds * 1_000,
    } satisfies Partial<CostQuestion>;
  }
}

function callsPerMonth({ callsPerRefresh, beside }: Demand, intervalMs: number): number {
  return Math.max(0, (callsPerRefresh * PLANNING_MONTH_MS) / intervalMs + beside);
}
