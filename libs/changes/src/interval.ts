import { earlierDay, laterEnd, realDay, touching } from './day.js';
import type { Subject } from './subject.js';
import { canonicalValue } from './subject.js';

/** A span of days in which a name had these values, as upstream shows it (securitytrails-api 2.1). */
export interface Interval {
  /** `YYYY-MM-DD`; null when upstream does not say. */
  readonly first: string | null;
  /** `YYYY-MM-DD`; null while it runs, or when upstream does not say. */
  readonly last: string | null;
  readonly values: readonly string[];
  /** Owners of the values, without a link from one to the other. */
  readonly orgs: readonly string[];
}

/** An interval with the instants (epoch milliseconds, each that of a look) at which we knew of it. */
export interface KnownInterval extends Interval {
  /** The first look that showed it. */
  readonly learnedAt: number;
  /** The look that brought its present last day; before that it ran. */
  readonly endLearnedAt: number;
  /** The latest look that showed it. */
  readonly lastConfirmedAt: number;
  /** The look that no longer showed it, or showed it with other dates; null while it is held. */
  readonly withdrawnAt: number | null;
  /** Learned after a reading that was not complete: it may have been there before. */
  readonly late: boolean;
}

/**
 * Intervals as they can be compared: newest first, values in one spelling and order, without those
 * that saw nothing, neighbours of equal values joined where at most a day lies between.
 */
export function normalise(intervals: readonly Interval[], subject: Subject): readonly Interval[] {
  return joinNeighbours(
    intervals
      .filter(({ values }) => values.length > 0)
      .map((interval) => ({
        first: realDay(interval.first),
        last: realDay(interval.last),
        values: oneOrder(interval.values.map((value) => canonicalValue(value, subject))),
        orgs: interval.orgs,
      }))
      .sort(newestFirst),
  );
}

/** Orders intervals by when they began, then by when they ended; an unknown beginning is oldest. */
export function newestFirst(a: Interval, b: Interval): number {
  return descending(a.first ?? '', b.first ?? '') || descending(endOf(a), endOf(b));
}

/**
 * What makes an interval itself: when it began and with which values. Its end is not part of that:
 * the running interval's end moves on every day.
 */
export function intervalKey({ first, values }: Interval): string {
  return `${first ?? ''}|${valuesKey(values)}`;
}

/** Equal for equal sets of values in one order. */
export function valuesKey(values: readonly string[]): string {
  // A text record may hold any character but this one.
  return values.join('\0');
}

function joinNeighbours(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const older of intervals) {
    const newer = joined.at(-1);
    if (newer !== undefined && continues(older, newer)) {
      joined[joined.length - 1] = join(older, newer);
    } else {
      joined.push(older);
    }
  }
  return joined;
}

function continues(older: Interval, newer: Interval): boolean {
  return touching(older.last, newer.first) && valuesKey(older.values) === valuesKey(newer.values);
}

function join(older: Interval, newer: Interval): Interval {
  return {
    first: earlierDay(older.first, newer.first),
    last: laterEnd(older.last, newer.last),
    values: newer.values,
    orgs: oneOrder([...newer.orgs, ...older.orgs]),
  };
}

function oneOrder(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)].sort();
}

function descending(a: string, b: string): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

function endOf({ last }: Interval): string {
  return last ?? '9999-12-31';
}
