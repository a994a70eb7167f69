import type { HistoryValue, RecordType } from './dns.schema.js';
import { dateIn, dnsValueOf, labelIn, membersOf, nameIn } from './dns.schema.js';
import type { JsonObject } from './json.schema.js';
import { arrayAt, countIn, isObject, objectAt, ShapeMismatch, stringAt } from './json.schema.js';

export interface CurrentValue extends HistoryValue {
  organization?: string;
}

/** What a name has of one type now. */
export interface CurrentRecords {
  /** `YYYY-MM-DD`; null in answers of 2019. */
  firstSeen: string | null;
  values: CurrentValue[];
}

/** A name's DNS as it is now; a type without an answer is absent. */
export interface CurrentDomain {
  hostname: string;
  apexDomain?: string;
  subdomainCount?: number;
  current: Partial<Record<RecordType, CurrentRecords>>;
}

/** The labels below a name, relative to it. */
export interface Subdomains {
  labels: string[];
  /** Whether the plan's cap (2,000 or 10,000 names) cut the list. */
  limitReached: boolean;
}

const RECORD_TYPES: readonly RecordType[] = ['a', 'aaaa', 'mx', 'ns', 'soa', 'txt'];
/** The member that names a value's owner, where a type has one. */
const OWNER: Partial<Record<RecordType, string>> = {
  a: 'ip_organization',
  aaaa: 'ipv6_organization',
  mx: 'hostname_organization',
  ns: 'nameserver_organization',
};

/**
 * Reads a body of `domain/{name}` (securitytrails-api 2.2).
 *
 * @throws ShapeMismatch
 */
export function currentDomainOf(json: unknown): CurrentDomain {
  const root = objectAt(json, 'body');
  const dns = objectAt(root['current_dns'], 'current_dns');
  const apex = typeof root['apex_domain'] === 'string' ? nameIn(root['apex_domain']) : undefined;
  const count = countIn(root['subdomain_count']);
  const hostname = nameIn(stringAt(root['hostname'], 'hostname'));
  if (hostname === undefined) {
    throw new ShapeMismatch('hostname');
  }
  return {
    hostname,
    ...(apex !== undefined && { apexDomain: apex }),
    ...(count !== undefined && { subdomainCount: count }),
    current: Object.fromEntries(
      RECORD_TYPES.flatMap((type) => currentOf(type, dns[type]).map((found) => [type, found])),
    ),
  };
}

/**
 * Reads a body of `domain/{name}/subdomains` (securitytrails-api 2.3).
 *
 * @throws ShapeMismatch
 */
export function subdomainsOf(json: unknown): Subdomains {
  const root = objectAt(json, 'body');
  const meta = root['meta'];
  return {
    labels: arrayAt(root['subdomains'], 'subdomains').flatMap(
      (label, i) => nameIn(stringAt(label, `subdomains[${i}]`)) ?? [],
    ),
    limitReached: isObject(meta) && meta['limit_reached'] === true,
  };
}

/** None for a type that is absent, null or `{}`. */
function currentOf(type: RecordType, json: unknown): CurrentRecords[] {
  const at = `current_dns.${type}`;
  const records = objectAt(json ?? {}, at);
  const members = membersOf(records['values'] ?? []);
  if (members === undefined) {
    throw new ShapeMismatch(`${at}.values`);
  }
  const values = members.flatMap((member, i) => {
    const place = `${at}.values[${i}]`;
    return currentValueOf(type, objectAt(member, place), place) ?? [];
  });
  return values.length === 0 ? [] : [{ firstSeen: dateIn(records['first_seen']), values }];
}

function currentValueOf(
  type: RecordType,
  member: JsonObject,
  at: string,
): CurrentValue | undefined {
  const value = dnsValueOf(type, member, at);
  const organization = labelIn(member[OWNER[type] ?? '']);
  return value === undefined || organization === undefined ? value : { ...value, organization };
}
