import { dayOf, type Day } from '../time/calendar.js';
import type { HistoryRecord } from '../world/history-record.js';
import { envelopeType, sentValues, type RecordType } from '../world/record-type.js';

export const PAGE_SIZE = 100;
// One-record answers of names younger than this were recorded with "pages": 0.
const YOUNG_DAYS = 3;

function pagesOf(records: readonly HistoryRecord[], today: Day): number {
  const [newest] = records;
  if (newest !== undefined && records.length === 1) {
    return today - dayOf(newest.first_seen) < YOUNG_DAYS ? 0 : 1;
  }
  return Math.ceil(records.length / PAGE_SIZE);
}

/** What a body is about. */
export interface HistoryPage {
  readonly host: string;
  readonly type: RecordType;
  /** From 1; past the end: the same envelope without records. */
  readonly page: number;
  readonly today: Day;
}

/** The envelope of `GET /history/{h}/dns/{type}` around any records. */
export function historyEnvelope(
  { host, type }: Pick<HistoryPage, 'host' | 'type'>,
  records: readonly unknown[],
  pages: number,
): object {
  return {
    type: envelopeType(type),
    records,
    pages,
    endpoint: `/v1/history/${host}/dns/${type}`,
  };
}

/** One page of a history (securitytrails-api 2.1). */
export function historyBody(asked: HistoryPage, records: readonly HistoryRecord[]): object {
  const from = (asked.page - 1) * PAGE_SIZE;
  const onPage = records
    .slice(from, from + PAGE_SIZE)
    .map((record) => ({ ...record, values: sentValues(record.type, record.values) }));
  return historyEnvelope(asked, onPage, pagesOf(records, asked.today));
}
