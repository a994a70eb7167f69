import { dayOf, earlierDay, laterEnd, touching } from './day.js';
import type { Interval, KnownInterval } from './interval.js';
import type { KnownHistory } from './known-history.js';

/** Where one value occurs in a history. */
export interface ValueTrace {
  /** First and last day of all. */
  readonly first: string | null;
  readonly last: string | null;
  /** The day on which the newest interval that holds it began. */
  readonly latestFirst: string | null;
  /** Its latest run: neighbouring intervals that hold it, without a whole day between them. */
  readonly run: { readonly first: string | null; readonly last: string | null };
}

/** What was known of one value before a look. */
export interface ValueMemory {
  /** Whether upstream still showed it at the last look. */
  readonly held: boolean;
  /** The day on which the latest interval that ever held it began; empty when unknown. */
  readonly latestFirst: string;
  /** The last day on which it was ever seen. */
  readonly lastDay: string;
}

interface Walk extends ValueTrace {
  /** The interval that ends the latest run so far, towards the past. */
  readonly runEnd: Interval | undefined;
}

/** The trace of each value in intervals that are newest first. */
export function traceValues(intervals: readonly Interval[]): ReadonlyMap<string, ValueTrace> {
  const traces = new Map<string, Walk>();
  let newer: Interval | undefined;
  for (const interval of intervals) {
    for (const value of interval.values) {
      const trace = traces.get(value);
      traces.set(value, trace === undefined ? begin(interval) : step(trace, interval, newer));
    }
    newer = interval;
  }
  return traces;
}

/** What is remembered of each value that was ever known. */
export function rememberValues(history: KnownHistory): ReadonlyMap<string, ValueMemory> {
  const memories = new Map<string, ValueMemory>();
  for (const interval of [...history.intervals, ...history.withdrawn]) {
    for (const value of interval.values) {
      memories.set(value, recall(memories.get(value), interval));
    }
  }
  return memories;
}

function begin(interval: Interval): Walk {
  const { first, last } = interval;
  return { first, last, latestFirst: first, run: { first, last }, runEnd: interval };
}

function step(trace: Walk, interval: Interval, newer: Interval | undefined): Walk {
  const goesOn =
    trace.runEnd !== undefined &&
    trace.runEnd === newer &&
    touching(interval.last, trace.runEnd.first);
  return {
    first: earlierDay(trace.first, interval.first),
    last: laterEnd(trace.last, interval.last),
    latestFirst: trace.latestFirst,
    run: goesOn
      ? {
          first: earlierDay(trace.run.first, interval.first),
          last: laterEnd(trace.run.last, interval.last),
        }
      : trace.run,
    runEnd: goesOn ? interval : undefined,
  };
}

function recall(memory: ValueMemory | undefined, interval: KnownInterval): ValueMemory {
  const first = interval.first ?? '';
  const last = interval.last ?? dayOf(interval.lastConfirmedAt);
  return {
    held: memory?.held === true || interval.withdrawnAt === null,
    latestFirst: memory !== undefined && memory.latestFirst > first ? memory.latestFirst : first,
    lastDay: memory !== undefined && memory.lastDay > last ? memory.lastDay : last,
  };
}
