import { createHash } from 'node:crypto';

import { transientId } from '#ctim';

/**
 * The id of a sighting that says these facts: the same facts give the same id, in every process and
 * for ever; any other facts give another. A name-based UUID (RFC 9562 version 8, over SHA-256).
 */
export function sightingId(facts: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const uuid = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
  return transientId(uuid);
}
