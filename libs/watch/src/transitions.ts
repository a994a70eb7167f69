import type { Entry, Facts, Membership } from './entry.js';
import type { ObservableKey } from './observable-key.js';
import { effectiveRule, firstDue, refreshDue, retryDue } from './schedule.js';
import type { RuleBook, ScheduleTuning } from './schedule.js';
import { phaseOf } from './state.js';

/** All that a step in an observable's life depends on beside itself. */
export interface Circumstances {
  readonly now: number;
  readonly rules: RuleBook;
  readonly tuning: ScheduleTuning;
}

/** How a refresh ended, or did not begin. */
export interface Settlement {
  /**
   * `ok`: an answer was had, also an empty one. `failed`: it was not. `waiting`: nothing was asked
   * (budget, quota, pace); no failure.
   */
  readonly outcome: 'ok' | 'failed' | 'waiting';
  /** A short code of letters, digits and `_.-`; for `failed` and `waiting`. */
  readonly reason?: string;
  /** When, in epoch milliseconds. */
  readonly at: number;
  /** When the last change in its history was learned of, if this refresh found one. */
  readonly changedAt?: number;
  /** When to come back, instead of what the rules say. */
  readonly nextAt?: number;
}

const NEVER: Omit<Facts, 'nextAt'> = {
  leased: false,
  held: false,
  lastRefreshedAt: null,
  lastChangeAt: null,
  failures: 0,
  reason: null,
};

/** The reason of what an operator made due; it goes with the next settlement. */
const OPERATOR = 'operator';

/** Puts an observable on a list; on it already, nothing changes. */
export function join(
  entry: Entry | undefined,
  place: { key: ObservableKey; no: number; membership: Membership; batchSize: number },
  around: Circumstances,
): Entry {
  const { key, no, membership } = place;
  if (entry?.memberships.has(no) === true) {
    return entry;
  }
  const memberships = new Map([...(entry?.memberships ?? []), [no, membership]]);
  if (entry !== undefined) {
    return replan({ ...entry, memberships }, around);
  }
  const intervalMs = around.rules.get(no)?.intervalMs ?? 0;
  const batch = { addedAt: around.now, size: place.batchSize, intervalMs };
  return { key, memberships, facts: { ...NEVER, nextAt: firstDue(key, batch, around.tuning) } };
}

/** Takes it off a list; off the last one, it is gone. */
export function leave(entry: Entry, no: number, around: Circumstances): Entry | undefined {
  const memberships = new Map([...entry.memberships].filter(([other]) => other !== no));
  return memberships.size === 0 ? undefined : replan({ ...entry, memberships }, around);
}

/** Another note, expiry or pause. */
export function amend(
  entry: Entry,
  no: number,
  change: Partial<Membership>,
  around: Circumstances,
): Entry {
  const membership = entry.memberships.get(no);
  return membership === undefined
    ? entry
    : replan(
        {
          ...entry,
          memberships: new Map([...entry.memberships, [no, { ...membership, ...change }]]),
        },
        around,
      );
}

/**
 * The next refresh as the rules now say; back-off, hold, lease, a first fetch and an operator's wish
 * keep their time.
 */
export function replan(entry: Entry, { now, rules, tuning }: Circumstances): Entry {
  const { facts, key } = entry;
  const rule = effectiveRule(entry.memberships, rules, now);
  if (rule === undefined || facts.lastRefreshedAt === null || !followsRules(facts)) {
    return entry;
  }
  const nextAt = refreshDue(key, facts.lastRefreshedAt, rule.intervalMs, tuning);
  return { ...entry, facts: { ...facts, nextAt } };
}

function followsRules(facts: Facts): boolean {
  return phaseOf(facts) === 'SCHEDULED' && !isAsked(facts);
}

/** Whether an operator made it due since it was settled last. */
export function isAsked({ failures, reason }: Facts): boolean {
  return failures === 0 && reason === OPERATOR;
}

/** Gives a due observable into a worker's hands; as it was when it is not due or nobody wants it. */
export function claim(entry: Entry, around: Circumstances): Entry {
  const { facts } = entry;
  const rule = effectiveRule(entry.memberships, around.rules, around.now);
  return facts.leased || facts.nextAt > around.now || rule === undefined
    ? entry
    : lease(entry, around.now + around.tuning.leaseMs);
}

function lease(entry: Entry, until: number): Entry {
  return { ...entry, facts: { ...entry.facts, leased: true, nextAt: until } };
}

/** Takes it back when its lease has run out: due at once. */
export function release(entry: Entry, now: number): Entry {
  return takeBack(entry, now, now);
}

/** Takes back a lease that ends by then: due at once. */
export function takeBack(entry: Entry, end: number, now: number): Entry {
  const { facts } = entry;
  return facts.leased && facts.nextAt <= end
    ? { ...entry, facts: { ...facts, leased: false, held: facts.failures === 0, nextAt: now } }
    : entry;
}

/**
 * Makes it due at once by an operator's wish, unless a worker has it. One that fails keeps the reason
 * of that instead of the wish.
 */
export function expedite(entry: Entry, now: number): Entry {
  const { facts } = entry;
  if (facts.leased) {
    return entry;
  }
  const reason = facts.failures > 0 ? facts.reason : OPERATOR;
  const nextAt = Math.min(facts.nextAt, now);
  return { ...entry, facts: { ...facts, held: facts.failures === 0, nextAt, reason } };
}

/** Books how a refresh ended. An answer older than the one booked last changes no schedule. */
export function settle(entry: Entry, end: Settlement, around: Circumstances): Entry {
  const { facts } = entry;
  const lastChangeAt = latest(facts.lastChangeAt, end.changedAt);
  if (end.at < (facts.lastRefreshedAt ?? 0)) {
    return { ...entry, facts: { ...facts, lastChangeAt } };
  }
  return { ...entry, facts: { ...after(entry, end, around), lastChangeAt } };
}

function after(entry: Entry, end: Settlement, around: Circumstances): Facts {
  const { facts, key } = entry;
  const { tuning } = around;
  const free = { ...facts, leased: false, held: false };
  switch (end.outcome) {
    case 'ok':
      return { ...free, ...refreshed(entry, end, around) };
    case 'failed': {
      const failures = facts.failures + 1;
      const nextAt = end.nextAt ?? retryDue(key, end.at, failures, tuning);
      return { ...free, failures, nextAt, reason: end.reason ?? 'failed' };
    }
    case 'waiting':
      return {
        ...free,
        held: true,
        nextAt: end.nextAt ?? end.at + tuning.holdMs,
        reason: end.reason ?? 'waiting',
      };
  }
}

function refreshed(
  { key, memberships }: Entry,
  { at, nextAt }: Settlement,
  { rules, now, tuning }: Circumstances,
): Partial<Facts> {
  // With no list that wants it nobody asks for the time; it is set when one does.
  const interval = effectiveRule(memberships, rules, now)?.intervalMs ?? 0;
  return {
    lastRefreshedAt: at,
    failures: 0,
    reason: null,
    nextAt: nextAt ?? refreshDue(key, at, interval, tuning),
  };
}

function latest(one: number | null, other: number | undefined): number | null {
  return other === undefined ? one : Math.max(one ?? 0, other);
}
