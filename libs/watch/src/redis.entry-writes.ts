import type { Entry, Membership } from './entry.js';
import { encodeMember, encodeRecord } from './entry.codec.js';
import type { EntryChange } from './entry-store.port.js';
import type { Command, Expectation, Group } from './redis.commit.js';
import { CHANGED, EXPIRIES, LEASES, membersKey, recordsKey, statesKey } from './redis.keys.js';
import { scoreOf } from './state-index.js';

/** An entry's change with all its indexes, if it is still what was read. */
export function changeGroup(change: EntryChange, now: number): Group {
  return { expects: [stillHolds(change)], writes: changeWrites(change, now) };
}

function stillHolds({ key, before }: EntryChange): Expectation {
  return ['field', recordsKey(key), key, before?.version ?? false];
}

function changeWrites(change: EntryChange, now: number): Command[] {
  const { before, after } = change;
  const lists = new Set([
    ...(before?.entry.memberships.keys() ?? []),
    ...(after?.memberships.keys() ?? []),
  ]);
  return [
    ...[...lists].flatMap((no) => placeWrites(change, no, now)),
    ...recordWrites(change),
    ...leaseWrites(change),
    ...lastChangeWrites(before?.entry, after),
  ];
}

function placeWrites({ key, before, after }: EntryChange, no: number, now: number): Command[] {
  const old = before?.entry.memberships.get(no);
  const place = after?.memberships.get(no);
  return [
    ...memberWrites(no, old && encodeMember(key, old), place && encodeMember(key, place)),
    after && place
      ? ['ZADD', statesKey(no), String(scoreOf(after.facts, place, now)), key]
      : ['ZREM', statesKey(no), key],
    ...expiryWrites(`${no} ${key}`, [old, place], now),
  ];
}

function memberWrites(no: number, old: string | undefined, text: string | undefined): Command[] {
  if (old === text) {
    return [];
  }
  return [
    ...(old === undefined ? [] : [['ZREM', membersKey(no), old]]),
    ...(text === undefined ? [] : [['ZADD', membersKey(no), '0', text]]),
  ];
}

function expiryWrites(
  member: string,
  [old, place]: readonly [Membership | undefined, Membership | undefined],
  now: number,
): Command[] {
  const at = place?.expiresAt ?? null;
  if (at !== null && at > now) {
    return [['ZADD', EXPIRIES, String(at), member]];
  }
  return at !== null || (old?.expiresAt ?? null) !== null ? [['ZREM', EXPIRIES, member]] : [];
}

function recordWrites({ key, before, after }: EntryChange): Command[] {
  if (after === undefined) {
    return [['HDEL', recordsKey(key), key]];
  }
  const revision = Number.parseInt(before?.version ?? '0', 36) + 1;
  const lists = [...after.memberships.keys()];
  return [['HSET', recordsKey(key), key, encodeRecord({ revision, lists, facts: after.facts })]];
}

function leaseWrites({ key, before, after }: EntryChange): Command[] {
  if (after?.facts.leased === true) {
    return [['ZADD', LEASES, String(after.facts.nextAt), key]];
  }
  return before?.entry.facts.leased === true ? [['ZREM', LEASES, key]] : [];
}

function lastChangeWrites(before: Entry | undefined, after: Entry | undefined): Command[] {
  const at = after?.facts.lastChangeAt ?? null;
  return after === undefined || at === null || at === (before?.facts.lastChangeAt ?? null)
    ? []
    : [...after.memberships.keys()].map((no) => ['ZADD', CHANGED, 'GT', String(at), String(no)]);
}
