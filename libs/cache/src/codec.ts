import { crc32 } from 'node:zlib';

import type { Entry } from './entry.js';

/** Turns values into bytes and back. `decode` may throw on bytes that it does not know. */
export interface BodyCodec<V> {
  encode(value: V): Buffer;
  decode(body: Buffer): V;
}

/**
 * Layout of a stored entry: version (2), fetchedAt, freshUntil, keepUntil (13 decimal digits each),
 * flag (1), CRC-32 of all the rest (8 hex), body. Fixed places, so that the store compares fetchedAt
 * without decoding. A process that meets another version treats the entry as absent.
 */
const VERSION = '01';
const INSTANT = 13;
export const FETCHED_AT_OFFSET = VERSION.length;
const CHECKED = VERSION.length + 3 * INSTANT + 1;
const HEADER = CHECKED + 8;
const INSTANT_TEXT = new RegExp(`^\\d{${INSTANT}}$`);

export function encodeEntry<V>(entry: Entry<V>, codec: BodyCodec<V>): Buffer {
  const body = codec.encode(entry.value);
  const header =
    VERSION +
    instant(entry.fetchedAt) +
    instant(entry.freshUntil) +
    instant(entry.keepUntil) +
    (entry.negative ? 'N' : '-');
  return Buffer.concat([Buffer.from(header + checksum(header, body), 'latin1'), body]);
}

/** The entry in these bytes, or undefined when they are of another version, damaged or unreadable. */
export function decodeEntry<V>(bytes: Buffer, codec: BodyCodec<V>): Entry<V> | undefined {
  const header = bytes.toString('latin1', 0, HEADER);
  const body = bytes.subarray(HEADER);
  const checked = header.slice(0, CHECKED);
  if (!header.startsWith(VERSION) || header.slice(CHECKED) !== checksum(checked, body)) {
    return undefined;
  }
  try {
    return {
      value: codec.decode(body),
      fetchedAt: readInstant(header, 0),
      freshUntil: readInstant(header, 1),
      keepUntil: readInstant(header, 2),
      negative: header.charAt(CHECKED - 1) === 'N',
    };
  } catch {
    // A body that this build cannot read is a miss: it will be fetched and written anew.
    return undefined;
  }
}

/** The comparable age of stored bytes: later fetches compare greater. Empty when they tell none. */
export function fetchedAtText(bytes: Buffer): string {
  const text = bytes.toString('latin1', FETCHED_AT_OFFSET, FETCHED_AT_OFFSET + INSTANT);
  return INSTANT_TEXT.test(text) ? text : '';
}

function instant(ms: number): string {
  return String(Math.max(0, Math.trunc(ms))).padStart(INSTANT, '0');
}

function readInstant(header: string, index: number): number {
  const start = VERSION.length + index * INSTANT;
  return Number(header.slice(start, start + INSTANT));
}

function checksum(checked: string, body: Buffer): string {
  return crc32(body, crc32(Buffer.from(checked, 'latin1')))
    .toString(16)
    .padStart(8, '0');
}
