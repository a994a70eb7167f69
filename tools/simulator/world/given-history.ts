import { z } from 'zod';

import { SimulatorInputError } from '../input.errors.js';
import { dateOf, dayOf, parseDate, type Day } from '../time/calendar.js';
import { ownersOf, type HistoryRecord } from './history-record.js';
import { valueOf, type RecordType } from './record-type.js';

const dateSchema = z
  .string()
  .refine((text) => parseDate(text) !== undefined, 'must be a date of the form YYYY-MM-DD');

/**
 * An interval given by a test. Values are texts (`valueOf` has their form) or the vendor's own
 * objects. `last_seen` left out: still running, moves with the clock; `null` as recorded in 2018.
 * Organisations left out: the owners of the values.
 */
export const givenIntervalSchema = z.strictObject({
  first_seen: dateSchema,
  last_seen: dateSchema.nullable().optional(),
  values: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])),
  organizations: z.array(z.string()).optional(),
});
export type GivenInterval = z.input<typeof givenIntervalSchema>;

/** As `givenIntervalSchema`; `first_seen` left out is the simulated today. */
export const pushedIntervalSchema = givenIntervalSchema.partial({ first_seen: true });
export type PushedInterval = z.input<typeof pushedIntervalSchema>;

function lastSeenOn(given: GivenInterval, today: Day): string | null {
  if (given.last_seen !== undefined) {
    return given.last_seen;
  }
  return dateOf(Math.max(dayOf(given.first_seen), today));
}

/** The record a given interval is on a day. */
export function recordOf(type: RecordType, given: GivenInterval, today: Day): HistoryRecord {
  const values = given.values.map((value) =>
    typeof value === 'string' ? valueOf(type, value) : value,
  );
  return {
    values,
    type,
    organizations: given.organizations ?? ownersOf(type, values),
    last_seen: lastSeenOn(given, today),
    first_seen: given.first_seen,
  };
}

function frozen(record: HistoryRecord): GivenInterval {
  return {
    first_seen: record.first_seen,
    last_seen: record.last_seen,
    values: [...record.values],
    organizations: [...record.organizations],
  };
}

function endedBy(interval: GivenInterval, day: string): GivenInterval {
  const { last_seen: lastSeen } = interval;
  return typeof lastSeen === 'string' && lastSeen <= day
    ? interval
    : { ...interval, last_seen: day };
}

/**
 * The history with a new newest interval; the running one ends where it begins. Throws
 * `SimulatorInputError` when it would not be the newest: dates fall strictly from record to record.
 */
export function withHead(
  older: readonly HistoryRecord[],
  pushed: PushedInterval,
  today: Day,
): readonly GivenInterval[] {
  const head: GivenInterval = { ...pushed, first_seen: pushed.first_seen ?? dateOf(today) };
  const [running, ...ended] = older.map(frozen);
  if (running === undefined) {
    return [head];
  }
  if (head.first_seen <= running.first_seen) {
    throw new SimulatorInputError(
      'interval.first_seen',
      `must be after ${running.first_seen}, the first_seen of the newest interval`,
    );
  }
  return [head, endedBy(running, head.first_seen), ...ended];
}
