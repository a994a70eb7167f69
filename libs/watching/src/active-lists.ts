import type { WatchedObservable, Watchlist } from '#watch';

/** Whether a list wants its observable refreshed. */
export function isActive({ state }: Pick<WatchedObservable, 'state'>): boolean {
  return state !== 'PAUSED' && state !== 'EXPIRED';
}

/** The lists for which an observable is refreshed. */
export function activeLists(
  places: readonly WatchedObservable[],
  lists: ReadonlyMap<string, Watchlist>,
): Watchlist[] {
  return places.filter(isActive).flatMap(({ watchlistId }) => lists.get(watchlistId) ?? []);
}

/** How often an observable on these lists is refreshed, in milliseconds; Infinity when on none. */
export function shortestInterval(lists: readonly Watchlist[]): number {
  return lists.reduce((least, list) => Math.min(least, intervalOf(list)), Infinity);
}

export function intervalOf({ refreshIntervalSeconds }: Watchlist): number {
  return refreshIntervalSeconds * 1_000;
}
