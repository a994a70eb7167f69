import { createHash } from 'node:crypto';

import type { Entry, Membership } from './entry.js';
import type { ObservableKey } from './observable-key.js';
import { isExpired } from './state.js';
import { PRIORITIES } from './watchlist.js';
import type { Priority } from './watchlist.js';

/** What of a list its observables' schedule depends on. */
export interface ListRule {
  readonly no: number;
  readonly id: string;
  readonly enabled: boolean;
  readonly priority: Priority;
  readonly intervalMs: number;
}

/** The rules of the lists that matter at the moment, by list number; a list that is gone has none. */
export type RuleBook = ReadonlyMap<number, ListRule>;

/** Milliseconds but for the share. */
export interface ScheduleTuning {
  /** An interval varies by this share of itself, half of it down and half of it up. */
  readonly jitterShare: number;
  /** New observables come due in random order, on average this far apart. */
  readonly firstFetchGapMs: number;
  /** After the first failure; doubled by each further one. */
  readonly retryMs: number;
  readonly maxRetryMs: number;
  /** How long what is put off waits, if nobody says. */
  readonly holdMs: number;
  /** How long a worker has for what it claimed. */
  readonly leaseMs: number;
}

export const DEFAULT_TUNING: ScheduleTuning = {
  jitterShare: 0.1,
  firstFetchGapMs: 500,
  retryMs: 5 * 60_000,
  maxRetryMs: 12 * 3_600_000,
  holdMs: 15 * 60_000,
  leaseMs: 15 * 60_000,
};

/** What rules for an observable: its lists that are enabled, where it is not paused nor expired. */
export function effectiveRule(
  memberships: ReadonlyMap<number, Membership>,
  rules: RuleBook,
  now: number,
): Pick<ListRule, 'intervalMs' | 'priority'> | undefined {
  const active = activeRules(memberships, rules, now);
  const [first] = active;
  return (
    first && {
      intervalMs: Math.min(...active.map((rule) => rule.intervalMs)),
      priority: active.map((rule) => rule.priority).reduce(higher),
    }
  );
}

/** The rules of the lists for which an observable is refreshed now. */
export function activeRules(
  memberships: Entry['memberships'],
  rules: RuleBook,
  now: number,
): ListRule[] {
  return [...memberships].flatMap(([no, membership]) => {
    const rule = rules.get(no);
    return rule?.enabled === true && !membership.paused && !isExpired(membership, now) ? rule : [];
  });
}

function higher(one: Priority, other: Priority): Priority {
  return PRIORITIES.indexOf(one) > PRIORITIES.indexOf(other) ? one : other;
}

/**
 * When a new observable is due first: within a time that grows with the batch it came in, so a few
 * are fetched at once, and many spread out, at most over one interval.
 */
export function firstDue(
  key: ObservableKey,
  batch: { readonly addedAt: number; readonly size: number; readonly intervalMs: number },
  tuning: ScheduleTuning,
): number {
  const window = Math.min((batch.size - 1) * tuning.firstFetchGapMs, batch.intervalMs);
  return Math.trunc(batch.addedAt + fraction(key) * window);
}

/** When a refreshed observable is due again. The same for the same facts; on average one interval. */
export function refreshDue(
  key: ObservableKey,
  lastRefreshedAt: number,
  intervalMs: number,
  tuning: ScheduleTuning,
): number {
  const jitter = (fraction(`${key}@${lastRefreshedAt}`) - 0.5) * tuning.jitterShare;
  return Math.trunc(lastRefreshedAt + intervalMs * (1 + jitter));
}

/** When to try again after so many failures in a row (at least 1). */
export function retryDue(
  key: ObservableKey,
  at: number,
  failures: number,
  tuning: ScheduleTuning,
): number {
  const wait = Math.min(tuning.retryMs * 2 ** (failures - 1), tuning.maxRetryMs);
  return Math.trunc(at + wait * (0.5 + fraction(`${key}@${at}`) / 2));
}

/** The same number in [0, 1) for the same text, spread evenly over texts. */
function fraction(text: string): number {
  return createHash('sha1').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
