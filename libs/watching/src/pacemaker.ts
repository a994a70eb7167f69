import type { Account, Ledger } from '#ledger';
import type { Claim, ClaimCaps, ListService, Priority, RefreshSchedule, Watchlist } from '#watch';

import { byPriority, callsNow, pacingOf, UNPACED } from './pacing.js';
import type { CallsByPriority, Pacing, PacingQuestion } from './pacing.js';
import { survey } from './plan-survey.js';
import type { SurveyParts } from './plan-survey.js';

export interface PacemakerParts extends SurveyParts {
  readonly tenant: string;
  readonly ledger: Pick<Ledger, 'account' | 'rows'>;
  readonly lists: Pick<ListService, 'page'>;
  readonly schedule: Pick<RefreshSchedule, 'dueCount'>;
  readonly clock: () => number;
}

interface Demand {
  readonly at: number;
  readonly planned: CallsByPriority;
  readonly analystsPerDay: number;
  readonly priorities: ReadonlyMap<string, Priority>;
}

interface Outlook {
  readonly at: number;
  readonly pacing: Pacing;
  /** Calls that may be made, less those for what was claimed since. */
  readonly left: Record<Priority, number>;
}

const ALL = { first: Number.MAX_SAFE_INTEGER };
const DAY_MS = 86_400_000;
const DEMAND_MS = 3_600_000;
const OUTLOOK_MS = 60_000;
/** A rough plan will do: what it misses, the next days make good. */
const SAMPLE = { ofAList: 100, inAll: 3_000 };
/** Of one refresh, at most: what was not used is counted as not made with the next look. */
const CALLS_EACH = 2;
/** One busy day at the beginning of a month says little of the rest. */
const LEAST_DAYS = 7;

/**
 * Holds refreshes back when the month's quota does not suffice for all that the lists plan, so that
 * it lasts to its end: lists of high priority stay on time, the others wait longer. Looks at the
 * ledger once a minute, at the plan once an hour; what several processes take in between is put right
 * with the next look.
 */
export class Pacemaker {
  readonly #parts: PacemakerParts;
  #demand: Demand | undefined;
  #outlook: Outlook | undefined;

  constructor(parts: PacemakerParts) {
    this.#parts = parts;
  }

  /** How much each priority gets at the moment. @throws when Redis fails */
  async pacing(): Promise<Pacing> {
    return (await this.#look()).pacing;
  }

  /** What may be claimed now. @throws when Redis fails */
  async caps(): Promise<ClaimCaps> {
    const { left, pacing } = await this.#look();
    const { NORMAL, LOW } = pacing.callsPerDay;
    return {
      ...byPriority((priority) => Math.max(0, Math.floor(left[priority] / CALLS_EACH))),
      // Lists that get nothing at all fetch nothing first either: that would be at the cost of HIGH.
      'NORMAL first': NORMAL > 0 ? Infinity : 0,
      'LOW first': LOW > 0 ? Infinity : 0,
    };
  }

  /** Takes down what was claimed. */
  claimed(claims: readonly Pick<Claim, 'priority'>[]): void {
    for (const { priority } of claims) {
      if (this.#outlook !== undefined) {
        this.#outlook.left[priority] -= CALLS_EACH;
      }
    }
  }

  async #look(): Promise<Outlook> {
    const now = this.#parts.clock();
    if (this.#outlook === undefined || now - this.#outlook.at >= OUTLOOK_MS) {
      const question = await this.#question(now);
      const pacing = question === undefined ? UNPACED : pacingOf(question);
      const left = question === undefined ? pacing.callsPerDay : callsNow(pacing, question);
      this.#outlook = { at: now, pacing, left: { ...left } };
    }
    return this.#outlook;
  }

  /** Undefined while no limit is known. */
  async #question(now: number): Promise<PacingQuestion | undefined> {
    const { ledger, schedule, tenant } = this.#parts;
    const account = await ledger.account(tenant);
    if (account.remaining === null) {
      return undefined;
    }
    const dayStart = now - (now % DAY_MS);
    const [{ planned, analystsPerDay, priorities }, { total }, rows] = await Promise.all([
      this.#demandAt(now, account),
      schedule.dueCount(now),
      ledger.rows({ tenant, since: dayStart, groupBy: 'WATCHLIST' }),
    ]);
    return {
      planned,
      overdue: total * CALLS_EACH,
      madeToday: summedBy(priorities, new Map(rows.map(({ key, calls }) => [key, calls]))),
      left: account.remaining - account.reserve,
      analystsPerDay,
      now,
      dayStart,
      resetsAt: account.resetsAt,
    };
  }

  async #demandAt(now: number, account: Account): Promise<Demand> {
    if (this.#demand === undefined || now - this.#demand.at >= DEMAND_MS) {
      const { lists } = this.#parts;
      const { items } = await lists.page(ALL);
      const [{ byList }, analystsPerDay] = await Promise.all([
        survey(this.#parts, items, SAMPLE),
        this.#analystsPerDay(now, account),
      ]);
      const priorities = prioritiesOf(items);
      const planned = summedBy(priorities, byList);
      this.#demand = { at: now, planned, analystsPerDay, priorities };
    }
    return this.#demand;
  }

  /** As in this month so far. */
  async #analystsPerDay(now: number, { month }: Account): Promise<number> {
    const { ledger, tenant } = this.#parts;
    const rows = await ledger.rows({ tenant, groupBy: 'CAUSE' });
    const calls = rows.find(({ cause }) => cause === 'OBSERVE')?.calls ?? 0;
    return calls / Math.max(LEAST_DAYS, (now - Date.parse(month)) / DAY_MS);
  }
}

function prioritiesOf(lists: readonly Watchlist[]): Map<string, Priority> {
  return new Map(lists.map(({ id, priority }) => [id, priority]));
}

function summedBy(
  priorities: ReadonlyMap<string, Priority>,
  byList: ReadonlyMap<string, number>,
): CallsByPriority {
  const sums = { HIGH: 0, NORMAL: 0, LOW: 0 };
  for (const [listId, calls] of byList) {
    const priority = priorities.get(listId);
    if (priority !== undefined) {
      sums[priority] += calls;
    }
  }
  return sums;
}
