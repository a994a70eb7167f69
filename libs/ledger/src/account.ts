import type { Books } from './ledger-store.port.js';
import { DAY_MS, HOUR_MS, hourOf, monthOf, nextMonthStart } from './calendar.js';
import { exhaustsAt } from './forecast.js';
import type { Rules, Standing } from './standing.js';
import { believedUsed, limitOf, reserveOf } from './standing.js';

/** Where a tenant's quota stands. Calls, unless said otherwise; instants are epoch milliseconds. */
export interface Account {
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  /** Booked this month. */
  readonly own: number;
  /** Upstream's own count at the last reading of this month. */
  readonly upstreamUsed: number | null;
  /** What the account allows a month; null: not read this month, or not told. */
  readonly allowed: number | null;
  /** When upstream was last asked with success. */
  readonly asOf: number | null;
  /** Believed: the larger of what was counted here and upstream's count with what came since. */
  readonly used: number;
  /** The lesser of the allowance and the hard limit; null: none is known. */
  readonly limit: number | null;
  readonly remaining: number | null;
  /** Kept for analysts. */
  readonly reserve: number;
  readonly resetsAt: number;
  /** In the last 24 hours. */
  readonly callsPerDay: number;
  /** Of these, for analysts. */
  readonly observeCallsPerDay: number;
  /** When the quota ends at the pace of the last 24 hours; null: not before it resets. */
  readonly exhaustsAt: number | null;
  /** Calls of this month by the list that paid. */
  readonly byList: ReadonlyMap<string, number>;
}

/** The account that the books show at an instant. */
export function accountOf(books: Books, standing: Standing, rules: Rules, at: number): Account {
  const limit = limitOf(rules, standing.reading);
  const used = believedUsed(standing);
  const remaining = limit === null ? null : Math.max(0, limit - used);
  const resetsAt = nextMonthStart(at);
  const callsPerDay = trailingDay(books.calls, at);
  return {
    month: monthOf(at),
    own: books.own,
    upstreamUsed: standing.reading?.used ?? null,
    allowed: standing.reading?.allowed ?? null,
    asOf: standing.reading?.at ?? null,
    used,
    limit,
    remaining,
    reserve: reserveOf(limit, rules.reserve),
    resetsAt,
    callsPerDay,
    observeCallsPerDay: trailingDay(books.observeCalls, at),
    exhaustsAt: exhaustsAt({ remaining, callsPerDay, now: at, resetsAt }),
    byList: books.byList,
  };
}

/** Calls of the 24 hours before an instant; of the hour that lies half in them, its share. */
function trailingDay(byHour: ReadonlyMap<number, number>, at: number): number {
  const hours = DAY_MS / HOUR_MS;
  const current = hourOf(at);
  const into = at / HOUR_MS - current;
  let calls = (byHour.get(current - hours) ?? 0) * (1 - into);
  for (let hour = current - hours + 1; hour <= current; hour += 1) {
    calls += byHour.get(hour) ?? 0;
  }
  return calls;
}
