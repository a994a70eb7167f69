import { createHash } from 'node:crypto';

import type { ObservableKey } from './observable-key.js';

/** One hash slot for all, so that one script may touch any of them in a Redis Cluster too. */
const ROOT = '{st}:w';

/** Hash: list id → the list as JSON. */
export const LISTS = `${ROOT}:lists`;
/** Hash: folded name → list id. */
export const NAMES = `${ROOT}:names`;
/** Hash: list number → what its schedule depends on. */
export const RULES = `${ROOT}:rules`;
/** Counter: the last list number given. */
export const LAST_NUMBER = `${ROOT}:last-number`;
/** Sorted set: list number by the time of its last change. */
export const CHANGED = `${ROOT}:changed`;
/** Sorted set: key by the end of its lease. */
export const LEASES = `${ROOT}:leases`;
/** Sorted set: `number key` by when it expires, until that is booked. */
export const EXPIRIES = `${ROOT}:expiries`;
/** Counter: claims made, for the turns of the lanes. */
export const TURNS = `${ROOT}:turns`;
/** List: large changes accepted and not done yet, oldest first. */
export const JOURNAL = `${ROOT}:journal`;

/** List: the parts of a large change that are not done yet. */
export function journalPartsKey(id: string): string {
  return `${ROOT}:journal:${id}`;
}

/** Sorted set by text: places on a list, each beginning with its key. */
export function membersKey(no: number): string {
  return `${ROOT}:m:${no}`;
}

/** Sorted set: keys on a list by state and time. */
export function statesKey(no: number): string {
  return `${ROOT}:s:${no}`;
}

/**
 * Hash: key → record. 4,096 small hashes instead of one large: up to 512 fields of at most 64 bytes
 * Redis keeps a hash as one packed text, at a third of the memory.
 */
export function recordsKey(key: ObservableKey): string {
  return `${ROOT}:o:${createHash('sha1').update(key).digest('hex').slice(0, 3)}`;
}
