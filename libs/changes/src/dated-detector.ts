import type { Finding } from './change.js';
import { dayNumber, dayOf, dayText } from './day.js';
import type { Discovery } from './discovery.js';
import type { Interval } from './interval.js';
import type { KnownHistory } from './known-history.js';
import { currentValues, mergeLook, remembered } from './known-history.js';
import type { Look } from './look.js';
import type { ValueMemory, ValueTrace } from './value-trace.js';
import { rememberValues, traceValues } from './value-trace.js';

/**
 * Upstream publishes what it saw some days late. A value never known is news when it was first seen
 * at most so many days before the day of the last look; with a longer past, upstream learned late.
 */
const PUBLISHED_WITHIN_DAYS = 3;

interface Standing {
  /** Whether the newest interval of all holds it: then only silence can have ended it. */
  readonly isNewest: boolean;
  readonly wasCurrent: boolean;
  readonly isCurrent: boolean;
  readonly lastLookDay: string;
  /** A value never known that was first seen before this day is no news. */
  readonly newsFrom: string;
}

/**
 * Compares a dated history with the known one, value by value. That an interval is gone, or has
 * other days, says nothing of the world; so a value ends only when the interval that made it current
 * is still shown, in silence only when nothing of it was taken back, and it returns only when it was
 * seen on a later day than ever before.
 */
export function detectDated(
  known: KnownHistory,
  shown: readonly Interval[],
  look: Look,
): Discovery {
  const { intervals, withdrawn } = mergeLook(known, shown, look);
  const memories = rememberValues(known);
  const now = currentValues(intervals, look.at);
  const newest = new Set(intervals[0]?.values);
  const lastLookDay = dayOf(known.lookedAt);
  const newsFrom = dayText(dayNumber(lastLookDay) - PUBLISHED_WITHIN_DAYS);
  const current = new Set(known.current);
  const findings: Finding[] = [];
  for (const [value, trace] of traceValues(intervals)) {
    const standing = {
      isNewest: newest.has(value),
      wasCurrent: current.has(value),
      isCurrent: now.has(value),
      lastLookDay,
      newsFrom,
    };
    const fact = judge(trace, memories.get(value), standing);
    if (fact !== undefined) {
      findings.push({ value, ...fact });
      keep(current, value, standing.isCurrent);
    }
  }
  const history: KnownHistory = {
    baselineAt: known.baselineAt,
    lookedAt: look.at,
    complete: look.reach === 'all',
    current: [...current],
    intervals,
    withdrawn: remembered(withdrawn, known.withdrawn),
  };
  return { history, findings };
}

type Fact = Omit<Finding, 'value'>;

function judge(
  trace: ValueTrace,
  memory: ValueMemory | undefined,
  standing: Standing,
): Fact | undefined {
  if (memory === undefined) {
    return newValue(trace, isSince(trace, standing.newsFrom));
  }
  // Without grace: what is shown again soon after it was taken back has a first day of before that.
  if (!memory.held && isSince(trace, standing.lastLookDay)) {
    return newValue(trace, true);
  }
  return standing.isCurrent === standing.wasCurrent
    ? undefined
    : standing.isCurrent
      ? returned(trace, memory)
      : ended(trace, memory, standing);
}

function isSince({ first }: ValueTrace, day: string): boolean {
  return first !== null && first >= day;
}

function newValue({ first, last }: ValueTrace, fresh: boolean): Fact {
  return {
    kind: fresh ? 'ADDED' : 'BACKFILLED',
    firstSeen: first,
    lastSeen: last,
    mark: first ?? '',
  };
}

function returned({ run }: ValueTrace, memory: ValueMemory): Fact | undefined {
  if (run.last !== null && run.last <= memory.lastDay) {
    return undefined;
  }
  const first = run.first ?? '';
  return {
    kind: 'RETURNED',
    firstSeen: run.first,
    lastSeen: run.last,
    // A run that upstream prolongs after a long silence has the first day that it had before.
    mark: first > memory.lastDay ? first : memory.lastDay,
  };
}

function ended(
  { run, latestFirst }: ValueTrace,
  memory: ValueMemory,
  { isNewest }: Standing,
): Fact | undefined {
  const last = run.last ?? '';
  // Neighbours may share a day, so an older interval can end on the day that a withdrawn one began.
  const shownStill = (latestFirst ?? '') >= memory.latestFirst || last > memory.latestFirst;
  const heardLess = isNewest && last < memory.lastDay;
  return shownStill && !heardLess
    ? { kind: 'ENDED', firstSeen: run.first, lastSeen: run.last, mark: last }
    : undefined;
}

function keep(values: Set<string>, value: string, present: boolean): void {
  if (present) {
    values.add(value);
  } else {
    values.delete(value);
  }
}
