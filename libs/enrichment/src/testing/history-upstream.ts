import type { PageReader } from '../paged/paged-reader.js';
import type { Page } from '../paged/pages.js';
import { intervalKey, olderIntervals } from '../sources/dns-history/interval.js';
import type { Interval } from '../sources/dns-history/interval.js';

const DAY_MS = 86_400_000;

/** A day as YYYY-MM-DD; day 0 is 2010-01-01. */
export function day(number: number): string {
  return new Date(Date.UTC(2010, 0, 1) + number * DAY_MS).toISOString().slice(0, 10);
}

/** An interval of one owner; the days as numbers, null for none. */
export function interval(
  first: number | null,
  last: number | null,
  ...values: readonly string[]
): Interval {
  return {
    first: first === null ? null : day(first),
    last: last === null ? null : day(last),
    values,
    orgs: ['Example Hosting Inc.'],
  };
}

/** A history of so many intervals of two days each, newest first, the newest one running. */
export function historyOf(count: number): readonly Interval[] {
  return Array.from({ length: count }, (_, index) => {
    const number = count - 1 - index;
    return interval(number * 2, number * 2 + 1, `192.0.2.${number % 7}`);
  });
}

/** A name's history at the vendor, in pages of 100, that grows at its head and may fail. */
export class HistoryUpstream implements PageReader<Interval> {
  readonly chase = true;
  /** The pages asked for, in order. */
  readonly reads: number[] = [];
  /** What reading a page throws instead of answering. */
  readonly failures = new Map<number, Error>();
  intervals: readonly Interval[];
  pageSize = 100;

  constructor(intervals: readonly Interval[]) {
    this.intervals = intervals;
  }

  key(item: Interval): string {
    return intervalKey(item);
  }

  older(head: readonly Interval[], held: readonly Interval[]): readonly Interval[] | undefined {
    return olderIntervals(head, held);
  }

  read(page: number): Promise<Page<Interval>> {
    this.reads.push(page);
    const failure = this.failures.get(page);
    if (failure !== undefined) {
      return Promise.reject(failure);
    }
    const total = Math.ceil(this.intervals.length / this.pageSize);
    const from = (page - 1) * this.pageSize;
    const items = this.intervals.slice(from, from + this.pageSize);
    return Promise.resolve({ items, total, reachable: total, more: page < total });
  }
}
