import type { CanonicalObservable } from '#observables';
import type { WatchedObservable, Watchlist } from '#watch';

import { activeLists, intervalOf, shortestInterval } from './active-lists.js';
import { appetiteOf, monthlyCalls, outlastsRest, restingLooks } from './plan-rules.js';

/** What refreshes of a batch cost. */
export interface Demand {
  /** Of the whole batch. */
  readonly callsPerRefresh: number;
  /** Calls a month that come with it whatever the interval, less those that other lists made. */
  readonly beside: number;
}

const NOTHING: Demand = { callsPerRefresh: 0, beside: 0 };

/** What a list takes upon itself with new observables. */
export class Load {
  /** One page of each question. */
  firstFetchCalls = 0;
  alreadyWatched = 0;
  /** Names whose refreshes depend on whether they have AAAA records. */
  names = 0;
  readonly #list: Watchlist;
  readonly #lists: ReadonlyMap<string, Watchlist>;
  #ifNoneRests = NOTHING;
  #ifAllRest = NOTHING;

  constructor(list: Watchlist, lists: readonly Watchlist[]) {
    this.#list = list;
    this.#lists = new Map(lists.map((one) => [one.id, one]));
  }

  add({ type }: CanonicalObservable, places: readonly WatchedObservable[]): void {
    if (places.some(({ watchlistId }) => watchlistId === this.#list.id)) {
      this.alreadyWatched += 1;
      return;
    }
    const others = activeLists(places, this.#lists);
    const known = places.some(({ lastRefreshedAt }) => lastRefreshedAt !== null);
    if (!known && others.length === 0) {
      this.firstFetchCalls += type === 'domain' ? 2 : 1;
    }
    const before = shortestInterval(others);
    if (intervalOf(this.#list) < before) {
      this.names += type === 'domain' ? 1 : 0;
      this.#ifNoneRests = sum(this.#ifNoneRests, this.#demandOf(type, before, 0));
      this.#ifAllRest = sum(this.#ifAllRest, this.#demandOf(type, before, 1));
    }
  }

  /** The demand when AAAA questions rest in this share of the names, 0 to 1. */
  demand(restingShare: number): Demand {
    return sum(scaled(this.#ifNoneRests, 1 - restingShare), scaled(this.#ifAllRest, restingShare));
  }

  #demandOf(type: CanonicalObservable['type'], before: number, restingShare: number): Demand {
    const appetite = appetiteOf(type, restingShare);
    const interval = intervalOf(this.#list);
    const saved = before === Infinity ? 0 : monthlyCalls(appetite, before);
    return outlastsRest(interval)
      ? { callsPerRefresh: appetite.each + appetite.resting, beside: -saved }
      : {
          callsPerRefresh: appetite.each,
          beside: appetite.resting * restingLooks(interval) - saved,
        };
  }
}

function sum(one: Demand, other: Demand): Demand {
  return {
    callsPerRefresh: one.callsPerRefresh + other.callsPerRefresh,
    beside: one.beside + other.beside,
  };
}

function scaled({ callsPerRefresh, beside }: Demand, factor: number): Demand {
  return { callsPerRefresh: callsPerRefresh * factor, beside: beside * factor };
}
