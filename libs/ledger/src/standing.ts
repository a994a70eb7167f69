/** What upstream said itself of a month. */
export interface Reading {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Null: it did not say. */
  readonly used: number | null;
  /** Calls a month; null: the account tells none. */
  readonly allowed: number | null;
  /** The count of those calls that it includes for sure; what is above comes on top. */
  readonly base: number;
  /** The count when it was told. */
  readonly seen: number;
}

/** Where a month stands. */
export interface Standing {
  /** Another one: Redis has lost calls that it had counted. */
  readonly generation: string;
  /** Calls made this month as far as is known: those booked, and those that Redis has lost. */
  readonly count: number;
  readonly reading: Reading | null;
}

/** What the operator set. */
export interface Rules {
  /** Calls a month that are never exceeded; null: the account's allowance alone. */
  readonly hardLimit: number | null;
  /** Share of the limit that is kept for analysts, 0…1. */
  readonly reserve: number;
}

/** Hides what a product of decimals is above the whole number that was meant (0.07 × 100). */
const ROUNDING = 1e-9;

/** Calls that are believed to be used: the larger of the own count and upstream's, gone on with. */
export function believedUsed({ count, reading }: Pick<Standing, 'count' | 'reading'>): number {
  if (reading === null || reading.used === null) {
    return count;
  }
  return Math.max(count, reading.used + Math.max(0, count - reading.base));
}

/** Calls a month that bind; null: no limit is known. */
export function limitOf(rules: Rules, reading: Reading | null): number | null {
  const limit = Math.min(rules.hardLimit ?? Infinity, reading?.allowed ?? Infinity);
  return limit === Infinity ? null : limit;
}

/** Calls of a limit that are kept for analysts. */
export function reserveOf(limit: number | null, share: number): number {
  return limit === null ? 0 : Math.max(0, Math.ceil(limit * share - ROUNDING));
}

/** Whether what is left is the analysts' alone. */
export function reachesReserve(
  standing: Pick<Standing, 'count' | 'reading'>,
  rules: Rules,
): boolean {
  const limit = limitOf(rules, standing.reading);
  return limit !== null && believedUsed(standing) >= limit - reserveOf(limit, rules.reserve);
}
