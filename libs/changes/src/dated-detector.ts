import type { Finding } from './change.js';
import { dayOf } from './day.js';
import type { Discovery } from './discovery.js';
import type { Interval } from './interval.js';
import type { KnownHistory } from './known-history.js';
import { currentValues, mergeLook, remembered } from './known-history.js';
import type { Look } from './look.js';
import type { ValueMemory, ValueTrace } from './value-trace.js';
import { rememberValues, traceValues } from './value-trace.js';

interface Standing {
  /** Whether the newest interval of all holds it: then only silence can have ended it. */
  readonly isNewest: boolean;
  readonly wasCurrent: boolean;
  readonly isCurrent: boolean;
  readonly lastLookDay: string;
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
  const current = new Set(known.current);
  const findings: Finding[] = [];
  for (const [value, trace] of traceValues(intervals)) {
    const standing = {
      isNewest: newest.has(value),
      wasCurrent: current.has(value),
      isCurrent: now.has(value),
      lastLookDay,
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
  const fresh = trace.first !== null && trace.first >= standing.lastLookDay;
  if (memory === undefined || (fresh && !memory.held)) {
    return newValue(trace, fresh);
  }
  return standing.isCurrent === standing.wasCurrent
    ? undefined
    : standing.isCurrent
      ? returned(trace, memory)
      : ended(trace, memory, standing);
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
