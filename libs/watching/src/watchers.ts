import type { Payer } from '#ledger';
import type { CanonicalObservable } from '#observables';
import type { ListService, ObservableReader, WatchedObservable } from '#watch';

import { activeLists, isActive, shortestInterval } from './active-lists.js';
import { payersOf } from './payers.js';

/** Who watches an observable at a moment. */
export interface Watchers {
  /** All lists that it is on. */
  readonly places: readonly WatchedObservable[];
  /** Ids of those for which it is refreshed: enabled, where it is neither paused nor expired. */
  readonly active: readonly string[];
  readonly payers: readonly Payer[];
  /** Milliseconds; the shortest among the active lists, undefined without any. */
  readonly intervalMs: number | undefined;
  /** It was never refreshed, on any list. */
  readonly isNew: boolean;
  /** A refresh is owed: it is due, or a worker has taken it upon itself. */
  readonly isOwed: boolean;
}

export interface WatcherSources {
  readonly reader: Pick<ObservableReader, 'watchedBy'>;
  readonly lists: Pick<ListService, 'findMany'>;
}

/** Reads who watches an observable, as it is now; two round trips at most. */
export async function watchersOf(
  observable: CanonicalObservable,
  { reader, lists }: WatcherSources,
  now: number,
): Promise<Watchers> {
  const [places = []] = await reader.watchedBy([observable]);
  const wanted = places.filter(isActive);
  const ids = wanted.map(({ watchlistId }) => watchlistId);
  const found = ids.length === 0 ? [] : await lists.findMany(ids);
  const byId = new Map(found.flatMap((list) => (list === undefined ? [] : [[list.id, list]])));
  const active = activeLists(wanted, byId);
  return {
    places,
    active: active.map(({ id }) => id),
    payers: payersOf(active),
    intervalMs: active.length === 0 ? undefined : shortestInterval(active),
    isNew: places.length > 0 && places.every(({ lastRefreshedAt }) => lastRefreshedAt === null),
    isOwed: wanted.some(
      ({ state, nextRefreshAt }) =>
        state === 'REFRESHING' || (nextRefreshAt !== null && nextRefreshAt <= now),
    ),
  };
}
