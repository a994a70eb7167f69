import type { RecordInterval } from '../../enrichment-source.port.js';

export type Interval = RecordInterval;

/** The whole life of one value over all intervals. */
export interface ValueSpan {
  readonly value: string;
  readonly first: string | null;
  /** Null while an interval without an end runs. */
  readonly last: string | null;
  readonly intervals: number;
  readonly orgs: readonly string[];
}

const DAY_MS = 86_400_000;

/**
 * What makes an interval itself: when it began and with which values. Its end is not part of that:
 * the running interval's end moves on every day.
 */
export function intervalKey(interval: Interval): string {
  return `${interval.first ?? ''}|${[...interval.values].sort().join(',')}`;
}

/**
 * The held intervals older than a newly read head, when one interval is in both: history grows at
 * its head only (securitytrails-api 0.2), so below a common interval nothing new can be.
 */
export function olderIntervals(
  head: readonly Interval[],
  held: readonly Interval[],
): readonly Interval[] | undefined {
  const known = new Set(held.map(intervalKey));
  const oldest = head.at(-1)?.first ?? null;
  if (oldest === null || !head.some((interval) => known.has(intervalKey(interval)))) {
    return undefined;
  }
  return held.filter(({ first }) => first === null || first < oldest);
}

/** Intervals, newest first, with neighbours of equal values joined where the gap is a day at most. */
export function joinNeighbours(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const older of intervals) {
    const newer = joined.at(-1);
    if (newer !== undefined && sameValues(newer, older) && meet(older.last, newer.first)) {
      joined[joined.length - 1] = {
        first: earlier(older.first, newer.first),
        last: lastOf(newer.last, older.last),
        values: newer.values,
        orgs: union(newer.orgs, older.orgs),
      };
    } else {
      joined.push(older);
    }
  }
  return joined;
}

/** Each value's first and last day over the intervals, in order of appearance. */
export function valueSpans(intervals: readonly Interval[]): readonly ValueSpan[] {
  const spans = new Map<string, ValueSpan>();
  for (const interval of joinNeighbours(intervals)) {
    for (const value of new Set(interval.values)) {
      spans.set(value, widen(spans.get(value), value, interval));
    }
  }
  return [...spans.values()];
}

function widen(span: ValueSpan | undefined, value: string, interval: Interval): ValueSpan {
  if (span === undefined) {
    return {
      value,
      first: interval.first,
      last: interval.last,
      intervals: 1,
      orgs: interval.orgs,
    };
  }
  return {
    value,
    first: earlier(span.first, interval.first),
    last: lastOf(span.last, interval.last),
    intervals: span.intervals + 1,
    orgs: union(span.orgs, interval.orgs),
  };
}

function earlier(a: string | null, b: string | null): string | null {
  return a === null || b === null ? (a ?? b) : a < b ? a : b;
}

/** No end is later than any. */
function lastOf(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : a > b ? a : b;
}

function sameValues(a: Interval, b: Interval): boolean {
  const [these, those] = [new Set(a.values), new Set(b.values)];
  return these.size === those.size && a.values.every((value) => those.has(value));
}

function meet(olderLast: string | null, newerFirst: string | null): boolean {
  if (olderLast === null || newerFirst === null) {
    return false;
  }
  const gap = Date.parse(newerFirst) - Date.parse(olderLast);
  return gap <= DAY_MS;
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const known = new Set(a);
  return b.every((name) => known.has(name)) ? a : [...new Set([...a, ...b])];
}
