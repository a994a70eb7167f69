import { isIP } from 'node:net';
import { cut, plainText } from '../plain-text.js';
import type { JsonObject } from './json.schema.js';
import { countIn, isArray, isObject, stringAt } from './json.schema.js';

/** The record types that SecurityTrails keeps a history of. */
export type RecordType = 'a' | 'aaaa' | 'mx' | 'ns' | 'soa' | 'txt';

/**
 * One value of a record set. `value` is, in upstream's spelling: the address (a, aaaa), the mail
 * host (mx), the name server (ns), the mailbox in dotted form (soa), the text (txt: whatever its
 * owner wrote, not made safe to show).
 */
export interface HistoryValue {
  value: string;
  /** mx only. */
  priority?: number;
  /** soa only; seconds. */
  ttl?: number;
}

/** No name holds space, markup or unseen characters; underscores, wildcards and U-labels occur. */
const NAME = /^[^\s\p{C}<>"'`\\]{1,255}$/u;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MAX_LABEL = 200;
/** They are repeated beside every value, so a long list would multiply with a long list. */
const MAX_LABELS = 50;

/** The name, if it can be one: what cannot is left out rather than shown to anybody. */
export function nameIn(text: string): string | undefined {
  return NAME.test(text) ? text : undefined;
}

/** The day as `YYYY-MM-DD`; null when upstream has none (the running interval, 2018) or nonsense. */
export function dateIn(value: unknown): string | null {
  if (typeof value !== 'string' || !DATE.test(value)) {
    return null;
  }
  const time = Date.parse(value);
  // V8 takes 31 February for 3 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value) ? value : null;
}

/** Names of organizations, the first fifty; strays that are no text are left out. */
export function labelsIn(value: unknown): string[] {
  return isArray(value) ? value.slice(0, MAX_LABELS).flatMap((label) => labelIn(label) ?? []) : [];
}

export function labelIn(value: unknown): string | undefined {
  return typeof value === 'string' ? cut(plainText(value), MAX_LABEL) || undefined : undefined;
}

/**
 * The members of a `values` field: a list, or one object for soa (securitytrails-api 2.1), which is
 * empty when nothing was seen.
 */
export function membersOf(values: unknown): readonly unknown[] | undefined {
  if (isObject(values)) {
    return Object.keys(values).length === 0 ? [] : [values];
  }
  return isArray(values) ? values : undefined;
}

/**
 * Reads one member of `values`.
 *
 * @returns undefined for an address or a name that cannot be one.
 * @throws ShapeMismatch when the type's own field is missing or is no text.
 */
export function dnsValueOf(
  type: RecordType,
  member: JsonObject,
  at: string,
): HistoryValue | undefined {
  switch (type) {
    case 'a':
    case 'aaaa':
      return addressOf(member, at);
    case 'mx':
      return withNumber(
        nameIn(stringAt(member['host'] ?? member['hostname'], `${at}.host`)),
        'priority',
        member['priority'],
      );
    case 'ns':
      return named(nameIn(stringAt(member['nameserver'], `${at}.nameserver`)));
    case 'soa':
      return withNumber(nameIn(stringAt(member['email'], `${at}.email`)), 'ttl', member['ttl']);
    case 'txt':
      return { value: stringAt(member['value'], `${at}.value`) };
  }
}

function addressOf(member: JsonObject, at: string): HistoryValue | undefined {
  const address = stringAt(member['ip'] ?? member['ipv6'], `${at}.ip`);
  return isIP(address) === 0 ? undefined : { value: address };
}

function named(value: string | undefined): HistoryValue | undefined {
  return value === undefined ? undefined : { value };
}

function withNumber(
  value: string | undefined,
  field: 'priority' | 'ttl',
  number: unknown,
): HistoryValue | undefined {
  const count = countIn(number);
  const base = named(value);
  return base === undefined || count === undefined ? base : { ...base, [field]: count };
}
