import { dayOf, type Day } from '../time/calendar.js';
import { apexOf } from '../world/derived-hosts.js';
import type { HistoryRecord } from '../world/history-record.js';
import { ownerOf, RECORD_TYPES, type RecordType, type RecordValue } from '../world/record-type.js';

// `last_seen` may lag behind today although the record still stands (securitytrails-api 2.1).
const CURRENT_WINDOW_DAYS = 14;

// The same value has other field names here than in a history (securitytrails-api 2.2).
function currentValue(type: RecordType, value: RecordValue): RecordValue {
  const owner = ownerOf(type, value) ?? null;
  switch (type) {
    case 'a':
      return { ...value, ip_organization: owner };
    case 'aaaa':
      return { ...value, ipv6_organization: owner };
    case 'ns':
      return { ...value, nameserver_organization: owner };
    case 'mx': {
      const { priority, host, mx_count: count } = value;
      return {
        priority,
        hostname: host,
        hostname_count: count,
        hostname_organization: owner,
      };
    }
    case 'soa':
    case 'txt':
      return value;
  }
}

function isCurrent(record: HistoryRecord, today: Day): boolean {
  return record.last_seen === null || today - dayOf(record.last_seen) <= CURRENT_WINDOW_DAYS;
}

function currentOf(type: RecordType, newest: HistoryRecord | undefined, today: Day): object {
  if (newest === undefined || newest.values.length === 0 || !isCurrent(newest, today)) {
    return {};
  }
  const values = newest.values.map((value) => currentValue(type, value));
  return { first_seen: newest.first_seen, values };
}

/** What `GET /domain/{h}` is asked about. */
export interface AskedDomain {
  readonly host: string;
  readonly today: Day;
  /** How many labels are known below it. */
  readonly subdomains: number;
}

/** What `GET /domain/{h}` answers (securitytrails-api 2.2), of the newest records of each type. */
export function domainBody(
  { host, today, subdomains }: AskedDomain,
  newest: (type: RecordType) => HistoryRecord | undefined,
): object {
  const current = RECORD_TYPES.map((type) => [type, currentOf(type, newest(type), today)]);
  return {
    hostname: host,
    apex_domain: apexOf(host),
    subdomain_count: subdomains,
    alexa_rank: null,
    current_dns: Object.fromEntries(current) as unknown,
    endpoint: `/v1/domain/${host}`,
  };
}
