import type { HistoryValue, RecordType } from './dns.schema.js';
import { dateIn, dnsValueOf, labelsIn, membersOf } from './dns.schema.js';
import { arrayAt, countIn, objectAt, ShapeMismatch, stringAt } from './json.schema.js';

/** One span in which a name had one set of values; days are UTC, both ends included. */
export interface HistoryInterval {
  /** `YYYY-MM-DD`; null when upstream does not say. 2008-09-01 means then or earlier. */
  firstSeen: string | null;
  /** `YYYY-MM-DD` of the last look; null while it runs in old data. */
  lastSeen: string | null;
  /** Owners of the values taken together; which owns which is not told. */
  organizations: string[];
  values: HistoryValue[];
}

/** One page of a history, newest interval first; intervals without a value are left out. */
export interface HistoryPage {
  recordType: RecordType;
  page: number;
  /** Upstream's hint at the number of pages, 0 when it gives none; not to be relied on (2.1). */
  pages: number;
  /** Whether the next page is worth a query, as far as this one tells. */
  more: boolean;
  intervals: HistoryInterval[];
}

/** A page with the number of records upstream put on it, empty ones included. */
export interface CountedPage {
  readonly page: HistoryPage;
  readonly recordCount: number;
}

/** A page of "8" had 95 records, and page counts of 0 or 1 were wrong: this many means more. */
const NEARLY_FULL = 95;

/** Whether a page with so many records is followed by another one (securitytrails-api 2.1). */
export function goesOn(page: number, hint: number, recordCount: number): boolean {
  return recordCount > 0 && (page < hint || (hint <= 1 && recordCount >= NEARLY_FULL));
}

/**
 * Reads a body of `history/{name}/dns/{type}` (securitytrails-api 2.1).
 *
 * @throws ShapeMismatch
 */
export function historyPageOf(json: unknown, recordType: RecordType, page: number): CountedPage {
  const root = objectAt(json, 'body');
  stringAt(root['type'], 'type');
  const records = arrayAt(root['records'], 'records');
  const pages = countIn(root['pages']) ?? 0;
  return {
    recordCount: records.length,
    page: {
      recordType,
      page,
      pages,
      more: goesOn(page, pages, records.length),
      intervals: records.flatMap((record, i) => intervalsOf(record, recordType, `records[${i}]`)),
    },
  };
}

function intervalsOf(json: unknown, recordType: RecordType, at: string): HistoryInterval[] {
  const record = objectAt(json, at);
  const members = membersOf(record['values']);
  if (members === undefined) {
    throw new ShapeMismatch(`${at}.values`);
  }
  const values = members.flatMap((member, i) => {
    const place = `${at}.values[${i}]`;
    return dnsValueOf(recordType, objectAt(member, place), place) ?? [];
  });
  if (values.length === 0) {
    return [];
  }
  return [
    {
      firstSeen: dateIn(record['first_seen']),
      lastSeen: dateIn(record['last_seen']),
      organizations: labelsIn(record['organizations']),
      values,
    },
  ];
}
