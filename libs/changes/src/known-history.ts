import { dayNumber, dayOf, touching } from './day.js';
import type { Interval, KnownInterval } from './interval.js';
import { intervalKey, newestFirst, valuesKey } from './interval.js';
import type { Look, Reach } from './look.js';

/** What is known of one subject, and since when. */
export interface KnownHistory {
  /** The first look, epoch milliseconds: before it nothing was known. */
  readonly baselineAt: number;
  /** The latest look. */
  readonly lookedAt: number;
  /** Whether the latest look had read everything. */
  readonly complete: boolean;
  /** Values that are held for current, in what was told of them so far; dated histories only. */
  readonly current: readonly string[];
  /** What is known now, newest first. */
  readonly intervals: readonly KnownInterval[];
  /** What was known once, newest withdrawal first; the latest {@link MOST_WITHDRAWN}. */
  readonly withdrawn: readonly KnownInterval[];
}

/**
 * The running interval's last day moves on, but may lag: a value of the newest interval is current
 * as long as that interval ends at most so many days before the look (securitytrails-api 2.1).
 */
export const CURRENT_WITHIN_DAYS = 14;

/**
 * An upstream that takes back and restores without end must not fill the memory; but what one empty
 * answer takes back is remembered whole: as many intervals as the deepest reading has.
 */
export const MOST_WITHDRAWN = 10_000;

/** The intervals after a look: what is held, and what this look took back. */
export interface Merged {
  readonly intervals: readonly KnownInterval[];
  readonly withdrawn: readonly KnownInterval[];
}

/** An interval as a look showed it first. */
export function learn(interval: Interval, at: number, late = false): KnownInterval {
  return {
    ...interval,
    learnedAt: at,
    endLearnedAt: at,
    lastConfirmedAt: at,
    withdrawnAt: null,
    late,
  };
}

/** The latest withdrawals, with those of this look first. */
export function remembered(
  withdrawn: readonly KnownInterval[],
  before: readonly KnownInterval[],
): readonly KnownInterval[] {
  return [...withdrawn, ...before].slice(0, MOST_WITHDRAWN);
}

/** The values that are current at an instant, of intervals that are newest first. */
export function currentValues(intervals: readonly Interval[], at: number): ReadonlySet<string> {
  const [newest] = intervals;
  return new Set(newest !== undefined && runs(newest, at) ? newest.values : []);
}

/**
 * Joins what a look showed with what was known. An interval that the look would have shown and did
 * not is withdrawn; one below its reach stays as it is.
 */
export function mergeLook(
  known: KnownHistory,
  shown: readonly Interval[],
  { at, reach }: Pick<Look, 'at' | 'reach'>,
): Merged {
  const counterparts = findCounterparts(known, shown, reach);
  const running = runningInterval(known);
  const intervals: KnownInterval[] = [];
  const withdrawn: KnownInterval[] = [];
  for (const interval of shown) {
    const held = counterparts.get(interval);
    if (held === undefined) {
      intervals.push(learn(interval, at));
    } else if (held.last === interval.last || held === running) {
      intervals.push(confirm(held, interval, at));
    } else {
      withdrawn.push({ ...held, withdrawnAt: at });
      intervals.push(learn({ ...interval, first: held.first }, at));
    }
  }
  const shownAgain = new Set(counterparts.values());
  for (const held of known.intervals.filter((interval) => !shownAgain.has(interval))) {
    if (covers(reach, held)) {
      withdrawn.push({ ...held, withdrawnAt: at });
    } else {
      intervals.push(held);
    }
  }
  return { intervals: intervals.sort(newestFirst), withdrawn };
}

/**
 * The history as it was known at an instant (epoch milliseconds), newest first. An interval that
 * ran on after that has no last day: how far it had been seen by then is not kept.
 *
 * @returns undefined for an instant before the first look.
 */
export function asKnownAt(history: KnownHistory, instant: number): readonly Interval[] | undefined {
  if (instant < history.baselineAt) {
    return undefined;
  }
  return [...history.intervals, ...history.withdrawn]
    .filter(
      ({ learnedAt, withdrawnAt }) =>
        learnedAt <= instant && (withdrawnAt === null || instant < withdrawnAt),
    )
    .map(({ first, last, values, orgs, endLearnedAt }) => ({
      first,
      last: endLearnedAt <= instant ? last : null,
      values,
      orgs,
    }))
    .sort(newestFirst);
}

function findCounterparts(
  known: KnownHistory,
  shown: readonly Interval[],
  reach: Reach,
): ReadonlyMap<Interval, KnownInterval> {
  const held = new Map(known.intervals.map((interval) => [intervalKey(interval), interval]));
  const found = new Map<Interval, KnownInterval>();
  for (const interval of shown) {
    const same = held.get(intervalKey(interval));
    if (same !== undefined) {
      found.set(interval, same);
    }
  }
  const oldest = shown.at(-1);
  if (oldest !== undefined && !found.has(oldest)) {
    const longer = known.intervals.find(
      (interval) => !covers(reach, interval) && reachesInto(interval, oldest),
    );
    if (longer !== undefined) {
      found.set(oldest, longer);
    }
  }
  return found;
}

/** Whether the known one, begun below what the look has read, goes on in the look's oldest. */
function reachesInto(known: Interval, oldest: Interval): boolean {
  return touching(known.last, oldest.first) && valuesKey(known.values) === valuesKey(oldest.values);
}

function covers(reach: Reach, { first }: Interval): boolean {
  if (reach === 'all') {
    return true;
  }
  return reach.since !== null && first !== null && first >= reach.since;
}

function confirm(held: KnownInterval, shown: Interval, at: number): KnownInterval {
  return {
    ...held,
    last: shown.last,
    // They are today's names of the owners, not those of the time.
    orgs: shown.orgs.length > 0 ? shown.orgs : held.orgs,
    endLearnedAt: held.last === shown.last ? held.endLearnedAt : at,
    lastConfirmedAt: at,
  };
}

function runningInterval({ intervals, lookedAt }: KnownHistory): KnownInterval | undefined {
  const [newest] = intervals;
  return newest !== undefined && runs(newest, lookedAt) ? newest : undefined;
}

function runs({ last }: Interval, at: number): boolean {
  return last === null || dayNumber(dayOf(at)) - dayNumber(last) <= CURRENT_WITHIN_DAYS;
}
