import { canonicalise } from '#observables';
import type { CanonicalObservable, ObservableType } from '#observables';

/** The record types of DNS history, in the words of the operations API. */
export const DNS_RECORD_TYPES = ['A', 'AAAA', 'MX', 'NS', 'SOA', 'TXT'] as const;
export type DnsRecordType = (typeof DNS_RECORD_TYPES)[number];

/** What is looked at of each type of observable: a history each. */
export const RECORDS_OF: Readonly<Record<ObservableType, readonly DnsRecordType[]>> = {
  domain: ['A', 'AAAA'],
  ip: ['A'],
  ipv6: ['AAAA'],
};

/**
 * Whose history it is: one observable's records of one type. For an address it is the type of the
 * record by which host names point to it.
 */
export interface Subject {
  /** 32 hexadecimal digits: the digest of the API key that reads the history. */
  readonly tenant: string;
  readonly observable: CanonicalObservable;
  readonly recordType: DnsRecordType;
}

/** Whether upstream tells no days of it, only what is so now: which host names point to an address. */
export function isSnapshot({ observable }: Subject): boolean {
  return observable.type !== 'domain';
}

/**
 * A value in the one spelling that is compared, stored and shown. Upstream is not strict about
 * letters (securitytrails-api 2.1); another spelling is no news. Texts are their owner's: as they are.
 */
export function canonicalValue(value: string, subject: Subject): string {
  if (isSnapshot(subject)) {
    return canonicalOr('domain', value);
  }
  switch (subject.recordType) {
    case 'AAAA':
      return canonicalOr('ipv6', value);
    case 'A':
    case 'TXT':
      return value;
    case 'MX':
    case 'NS':
    case 'SOA':
      return value.toLowerCase().replace(/\.$/, '');
  }
}

function canonicalOr(type: ObservableType, value: string): string {
  return canonicalise(type, value)?.value ?? value.toLowerCase();
}
