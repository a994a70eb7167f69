import { ownerOfAddress, ownerOfServer } from './hosters.js';

/** The record types with a history (securitytrails-api 2.1). */
export const RECORD_TYPES = ['a', 'aaaa', 'mx', 'ns', 'soa', 'txt'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** A value as the vendor writes it, for example `{ip, ip_count}`. */
export type RecordValue = Readonly<Record<string, unknown>>;

export function isRecordType(text: string): text is RecordType {
  return RECORD_TYPES.some((type) => type === text);
}

/** The envelope's `type`: the address types name their family there. */
export function envelopeType(type: RecordType): string {
  return type === 'a' ? 'a/ipv4' : type === 'aaaa' ? 'a/ipv6' : type;
}

function numbered(text: string): { number: number; rest: string } {
  const [first = '', ...others] = text.split(' ');
  return { number: Number(first), rest: others.join(' ') };
}

// The counts are 0: so is every one recorded since 2024 (securitytrails-api 0.9).
const VALUE_OF: Readonly<Record<RecordType, (text: string) => RecordValue>> = {
  a: (ip) => ({ ip, ip_count: 0 }),
  aaaa: (ipv6) => ({ ipv6, ipv6_count: 0 }),
  mx: (text) => {
    const { number, rest } = numbered(text);
    return { priority: number, host: rest, mx_count: 0 };
  },
  ns: (nameserver) => ({ nameserver, nameserver_count: 0 }),
  soa: (text) => {
    const { number, rest } = numbered(text);
    return { ttl: number, email: rest, email_count: 0 };
  },
  txt: (value) => ({ value }),
};

/**
 * The vendor's value for a text: an address, a name server, a TXT value, `"<priority> <host>"` for
 * mx, `"<ttl> <dotted mailbox>"` for soa.
 */
export function valueOf(type: RecordType, text: string): RecordValue {
  return VALUE_OF[type](text);
}

/** As the vendor sends values: one object for SOA, a list for the others (securitytrails-api 2.1). */
export function sentValues(
  type: RecordType,
  values: readonly RecordValue[],
): readonly RecordValue[] | RecordValue {
  const [first] = values;
  return type === 'soa' && first !== undefined ? first : values;
}

/** Who owns what a value names; `undefined` for strangers and for TXT. */
export function ownerOf(type: RecordType, value: RecordValue): string | undefined {
  const subject = value['ip'] ?? value['ipv6'] ?? value['nameserver'] ?? value['host'];
  if (typeof subject !== 'string') {
    return undefined;
  }
  const owner = type === 'a' || type === 'aaaa' ? ownerOfAddress(subject) : ownerOfServer(subject);
  return owner?.organization;
}
