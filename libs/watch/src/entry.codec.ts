import type { Facts, Membership } from './entry.js';
import { WatchError } from './fault.js';
import type { ObservableKey } from './observable-key.js';

/** What is kept once an observable: which lists, the facts, and a count that any change moves. */
export interface EntryRecord {
  readonly revision: number;
  readonly lists: readonly number[];
  readonly facts: Facts;
}

/** A revision need only differ from the few before it. */
const REVISIONS = 36 * 36;
/** A longer reason would cost every entry of its bucket Redis' compact form (64 bytes). */
const REASON_LENGTH = 40;
const DIGITS = 36;

/** `revision|lists|next|phase|refreshed|changed|failures|reason`, numbers in base 36. */
export function encodeRecord({ revision, lists, facts }: EntryRecord): string {
  return [
    (revision % REVISIONS).toString(DIGITS),
    lists.map(digits).join(','),
    digits(facts.nextAt),
    facts.leased ? 'L' : facts.held ? 'H' : '',
    digits(facts.lastRefreshedAt),
    digits(facts.lastChangeAt),
    digits(facts.failures),
    (facts.reason ?? '').replaceAll(/[^\w.-]+/g, '_').slice(0, REASON_LENGTH),
  ].join('|');
}

/** @throws WatchError `damaged` */
export function decodeRecord(text: string): EntryRecord {
  const [revision, lists, next, phase, refreshed, changed, failures, reason] = text.split('|');
  const nextAt = number(next);
  if (lists === undefined || nextAt === null || reason === undefined) {
    throw new WatchError('damaged', 'A watched observable is stored in an unknown form');
  }
  return {
    revision: number(revision) ?? 0,
    lists: lists.split(',').flatMap((no) => number(no) ?? []),
    facts: {
      nextAt,
      leased: phase === 'L',
      held: phase === 'H',
      lastRefreshedAt: number(refreshed),
      lastChangeAt: number(changed),
      failures: number(failures) ?? 0,
      reason: reason === '' ? null : reason,
    },
  };
}

/** `key added expires paused by note`: in order of the key, whatever follows it. */
export function encodeMember(key: ObservableKey, member: Membership): string {
  return [
    key,
    digits(member.addedAt),
    digits(member.expiresAt),
    member.paused ? '1' : '',
    encodeURIComponent(member.addedBy),
    member.note ?? '',
  ].join(' ');
}

/** @throws WatchError `damaged` */
export function decodeMember(text: string): { key: ObservableKey; membership: Membership } {
  const [key, added, expires, paused, by] = text.split(' ', 5);
  const addedAt = number(added);
  if (key === undefined || addedAt === null || by === undefined) {
    throw new WatchError('damaged', 'A place on a watchlist is stored in an unknown form');
  }
  const head = [key, added, expires, paused, by].join(' ').length + 1;
  const note = text.slice(head);
  return {
    key,
    membership: {
      addedAt,
      expiresAt: number(expires),
      paused: paused === '1',
      addedBy: decodeURIComponent(by),
      note: note === '' ? null : note,
    },
  };
}

function digits(value: number | null): string {
  return value === null ? '' : Math.trunc(value).toString(DIGITS);
}

function number(text: string | undefined): number | null {
  const value = text === undefined || text === '' ? NaN : Number.parseInt(text, DIGITS);
  return Number.isSafeInteger(value) ? value : null;
}
