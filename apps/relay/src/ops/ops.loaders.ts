import DataLoader from 'dataloader';

import type { HeldAnswers, Holding } from '#enrichment';
import type { CanonicalObservable } from '#observables';
import type { ListSummary, WatchedObservable, Watchlist } from '#watch';
import type { Watching } from '#watching';

/** What many fields of one answer ask for is read together, once. */
export interface OpsLoaders {
  /** By id. */
  readonly watchlist: DataLoader<string, Watchlist | undefined>;
  readonly summary: DataLoader<Watchlist, ListSummary, string>;
  readonly watchedBy: DataLoader<CanonicalObservable, WatchedObservable[], string>;
  readonly holding: DataLoader<CanonicalObservable, Holding, string>;
}

/** Most looked up in one step. */
const BATCH = 500;

/** Fresh for every request: nothing is remembered from one to another. */
export function createLoaders(watching: Watching, held: HeldAnswers): OpsLoaders {
  const { lists, reader, tenant } = watching;
  const byObservable = { cacheKeyFn: textOf, maxBatchSize: BATCH };
  return {
    watchlist: new DataLoader((ids) => lists.findMany(ids), { maxBatchSize: BATCH }),
    summary: new DataLoader((some) => reader.summaries(some), {
      cacheKeyFn: ({ id }) => id,
      maxBatchSize: BATCH,
    }),
    watchedBy: new DataLoader((observables) => reader.watchedBy(observables), byObservable),
    holding: new DataLoader((observables) => held.of(tenant, observables), byObservable),
  };
}

function textOf({ type, value }: CanonicalObservable): string {
  return `${type}:${value}`;
}
