import { dateOf } from '../time/calendar.js';
import { ownerOf, valueOf, type RecordType, type RecordValue } from './record-type.js';
import type { Interval } from './timeline.js';

/** One record of `GET /history/{h}/dns/{type}` (securitytrails-api 2.1), SOA values as a list of one. */
export interface HistoryRecord {
  readonly values: readonly RecordValue[];
  readonly type: RecordType;
  readonly organizations: readonly string[];
  readonly last_seen: string | null;
  readonly first_seen: string;
}

/** The de-duplicated owners of a record's values. */
export function ownersOf(type: RecordType, values: readonly RecordValue[]): string[] {
  const owners = values.map((value) => ownerOf(type, value));
  return [...new Set(owners.filter((owner) => owner !== undefined))];
}

/** The vendor's record of an interval of the generated world. */
export function recordOfInterval(type: RecordType, interval: Interval): HistoryRecord {
  const values = interval.texts.map((text) => valueOf(type, text));
  return {
    values,
    type,
    organizations: ownersOf(type, values),
    last_seen: dateOf(interval.lastSeen),
    first_seen: dateOf(interval.firstSeen),
  };
}
