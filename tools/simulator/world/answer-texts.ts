import type { Hoster } from './hosters.js';
import type { RecordType } from './record-type.js';

/** One answer of a name: at whom, and which part of the hoster's range. */
export interface Lot {
  readonly hoster: Hoster;
  /** Any whole number; equal lots give equal answers. */
  readonly number: number;
  /** Addresses in the answer. */
  readonly members: number;
}

function addressesV4({ hoster, number, members }: Lot): string[] {
  const { net, from, to } = hoster.v4;
  const size = to - from + 1;
  return Array.from({ length: members }, (_, at) => `${net}.${from + ((number + at) % size)}`);
}

function addressesV6({ hoster, number, members }: Lot): string[] {
  // Neither hextet may be 0: the text would not be the canonical one (RFC 5952).
  const subnet = ((number % 0xffff) + 1).toString(16);
  return Array.from({ length: members }, (_, at) => `${hoster.v6}:${subnet}::${at + 1}`);
}

const TEXTS_OF: Readonly<Record<RecordType, (lot: Lot) => string[]>> = {
  a: addressesV4,
  aaaa: addressesV6,
  mx: ({ hoster }) => [`10 mx1.${hoster.domain}`, `20 mx2.${hoster.domain}`],
  ns: ({ hoster }) => [`ns1.${hoster.domain}`, `ns2.${hoster.domain}`],
  soa: ({ hoster }) => [`3600 hostmaster.${hoster.domain}`],
  txt: ({ hoster, number }) => [
    `v=spf1 include:_spf.${hoster.domain} ~all`,
    `example-site-verification=${number.toString(36)}`,
  ],
};

/** The texts of an answer of a type (see `valueOf` for their form). */
export function answerTexts(type: RecordType, lot: Lot): string[] {
  return TEXTS_OF[type](lot);
}
