import type { Facts, Membership } from './entry.js';

export const WATCH_STATES = [
  'PENDING',
  'FRESH',
  'DUE',
  'REFRESHING',
  'FAILING',
  'PAUSED',
  'EXPIRED',
] as const;
export type WatchState = (typeof WATCH_STATES)[number];

/**
 * The state of an observable on a list; the first that holds of: expired, paused (itself or its
 * whole list), in a worker's hands, failed last time, never fetched, due, fresh.
 */
export function watchState(
  facts: Facts,
  place: { readonly membership: Membership; readonly listEnabled: boolean },
  now: number,
): WatchState {
  if (isExpired(place.membership, now)) {
    return 'EXPIRED';
  }
  return place.membership.paused || !place.listEnabled ? 'PAUSED' : refreshState(facts, now);
}

function refreshState(facts: Facts, now: number): WatchState {
  const phase = phaseOf(facts);
  switch (phase) {
    case 'HELD':
      return 'DUE';
    case 'SCHEDULED':
      return facts.nextAt <= now ? 'DUE' : 'FRESH';
    case 'REFRESHING':
    case 'FAILING':
    case 'PENDING':
      return phase;
  }
}

/** What the facts alone say, without the time. */
export type Phase = 'REFRESHING' | 'FAILING' | 'PENDING' | 'HELD' | 'SCHEDULED';

export function phaseOf(facts: Facts): Phase {
  if (facts.leased) {
    return 'REFRESHING';
  }
  if (facts.failures > 0) {
    return 'FAILING';
  }
  if (facts.lastRefreshedAt === null) {
    return 'PENDING';
  }
  return facts.held ? 'HELD' : 'SCHEDULED';
}

export function isExpired({ expiresAt }: Membership, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}
