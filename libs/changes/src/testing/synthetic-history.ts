import { dayNumber, dayOf, dayText, startOfDay } from '../day.js';
import type { Interval } from '../interval.js';
import type { Look, Reach } from '../look.js';
import type { Subject } from '../subject.js';

/** The day on which every synthetic history begins at the earliest. */
const FIRST_DAY = '2024-01-01';
const HALF_A_DAY_MS = 43_200_000;

export const DOMAIN: Subject = {
  tenant: '0123456789abcdef0123456789abcdef',
  observable: { type: 'domain', value: 'example.com' },
  recordType: 'A',
};

export const ADDRESS: Subject = {
  tenant: DOMAIN.tenant,
  observable: { type: 'ip', value: '192.0.2.1' },
  recordType: 'A',
};

export function span(first: string | null, last: string | null, ...values: string[]): Interval {
  return { first, last, values, orgs: ['Example Hosting Inc.'] };
}

/** A day so many days after {@link FIRST_DAY}. */
export function day(number: number): string {
  return dayText(dayNumber(FIRST_DAY) + number);
}

/** Noon of a day. */
export function noon(at: string): number {
  return startOfDay(dayNumber(at)) + HALF_A_DAY_MS;
}

export function look(at: string, intervals: readonly Interval[], more: Partial<Look> = {}): Look {
  return { ...DOMAIN, at: noon(at), intervals, reach: 'all', watchlists: [], ...more };
}

/** What upstream shows of a history on a day, without delay: newest first. */
export function shownOn(history: readonly Interval[], at: string): readonly Interval[] {
  return history
    .filter(({ first }) => first === null || first <= at)
    .map((interval) => ({
      ...interval,
      last: interval.last === null || interval.last < at ? interval.last : at,
    }));
}

/** The newest intervals, so many at most, and how far they reach. */
export function headOf(
  intervals: readonly Interval[],
  most: number,
): { readonly intervals: readonly Interval[]; readonly reach: Reach } {
  const head = intervals.slice(0, most);
  return head.length === intervals.length
    ? { intervals: head, reach: 'all' }
    : { intervals: head, reach: { since: head.at(-1)?.first ?? null } };
}

export function days(from: string, to: string): readonly string[] {
  const start = dayNumber(from);
  const count = Math.max(0, dayNumber(to) - start + 1);
  return Array.from({ length: count }, (_, index) => dayText(start + index));
}

export function dayOfChange({ detectedAt }: { readonly detectedAt: number }): string {
  return dayOf(detectedAt);
}

/** How one interval follows the one before, and how long it is, in days. */
export interface Segment {
  readonly gap: number;
  readonly length: number;
  readonly values: readonly string[];
}

/**
 * A history as upstream tells it, of segments from the oldest: newest first, beginnings strictly
 * falling, no overlap but of a day. A running one has no last day at its end.
 */
export function layOut(segments: readonly Segment[], running: boolean): readonly Interval[] {
  const intervals: Interval[] = [];
  let end = 0;
  let begin = -1;
  for (const { gap, length, values } of segments) {
    begin = Math.max(end + gap, begin + 1);
    end = begin + length;
    intervals.unshift(span(day(begin), day(end), ...values));
  }
  const [newest, ...older] = intervals;
  return newest === undefined || !running ? intervals : [{ ...newest, last: null }, ...older];
}
