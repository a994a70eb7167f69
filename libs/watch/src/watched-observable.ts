import type { CanonicalObservable } from '#observables';

import type { Entry, Facts } from './entry.js';
import { observableOf, watchedId } from './observable-key.js';
import type { RuleBook } from './schedule.js';
import { watchState } from './state.js';
import type { WatchState } from './state.js';
import { isAsked } from './transitions.js';

/** An observable on a list, as it stands now. Instants are epoch milliseconds. */
export interface WatchedObservable {
  readonly id: string;
  readonly watchlistId: string;
  readonly observable: CanonicalObservable;
  readonly note: string | null;
  readonly addedAt: number;
  readonly addedBy: string;
  readonly expiresAt: number | null;
  readonly paused: boolean;
  readonly state: WatchState;
  readonly lastRefreshedAt: number | null;
  /** Null while it is refreshed and where this list wants none. */
  readonly nextRefreshAt: number | null;
  readonly lastChangeAt: number | null;
  readonly consecutiveFailures: number;
  /** A code; null after a success. */
  readonly lastError: string | null;
  /** Why it was put off (a code), without being a failure. */
  readonly waitingFor: string | null;
}

/** An entry as one of its lists shows it; undefined when it is not on that list, or that is gone. */
export function watchedObservable(
  { key, facts, memberships }: Entry,
  no: number,
  rules: RuleBook,
  now: number,
): WatchedObservable | undefined {
  const [membership, rule, observable] = [memberships.get(no), rules.get(no), observableOf(key)];
  if (membership === undefined || rule === undefined || observable === undefined) {
    return undefined;
  }
  const state = watchState(facts, { membership, listEnabled: rule.enabled }, now);
  const rests = state === 'PAUSED' || state === 'EXPIRED' || facts.leased;
  return {
    id: watchedId(rule.id, key),
    watchlistId: rule.id,
    observable,
    ...membership,
    state,
    lastRefreshedAt: facts.lastRefreshedAt,
    nextRefreshAt: rests ? null : facts.nextAt,
    lastChangeAt: facts.lastChangeAt,
    consecutiveFailures: facts.failures,
    lastError: facts.failures > 0 && !facts.held ? facts.reason : null,
    waitingFor: waitsFor(facts),
  };
}

/** An operator's wish is held for nothing. */
function waitsFor(facts: Facts): string | null {
  return facts.held && !isAsked(facts) ? facts.reason : null;
}
