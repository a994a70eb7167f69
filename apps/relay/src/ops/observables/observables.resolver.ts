import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { CLOCK, CONFIG } from '#core';
import type { Clock } from '#core';
import { heldEntry, prospectOf, referral } from '#enrichment';
import { canonicalise } from '#observables';
import type { CanonicalObservable } from '#observables';
import type { Config } from '#platform';
import type { WatchedObservable } from '#watch';

import { cacheEntry, CacheEntryObject } from '../cache/cache-entry.object-type.js';
import { changePage } from '../changes/change-page.js';
import { ChangeConnectionObject } from '../changes/change.object-type.js';
import type { OpsContext } from '../ops.context.js';
import { Needs } from '../schema/access.js';
import { HistoryPageArgs, PageArgs, pageOf, pageWish } from '../schema/connection.js';
import { ObservableTypeEnum } from '../schema/enums.js';
import { given } from '../schema/given.js';
import { WatchedObservableObject } from '../watchlists/watchlist.object-type.js';
import { explanationOf } from './explanation.js';
import { historyOf, historyPlace, passesHistory } from './history.js';
import { observableNamed } from './naming.js';
import {
  ExplanationObject,
  HistoryConnectionObject,
  HistoryFilter,
  ObservableObject,
} from './observable.object-type.js';

/** Observables as the service knows them. */
@Resolver(() => ObservableObject)
export class ObservablesResolver {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => ObservableObject, {
    nullable: true,
    description:
      'One observable as the service knows it: normalised, its cache state, its history, who watches it. Never calls upstream.',
  })
  @Needs('VIEWER')
  observable(
    @Args('type', { type: () => ObservableTypeEnum }) type: CanonicalObservable['type'],
    @Args('value', { type: () => String }) value: string,
  ): CanonicalObservable | null {
    return canonicalise(type, value) ?? null;
  }

  @Query(() => ExplanationObject, {
    complexity: 10,
    description:
      'Why the service would answer an observe of this value as it would: state, age, pages, next refresh, what it would cost.',
  })
  @Needs('VIEWER')
  async explain(
    @Args('type', { type: () => ObservableTypeEnum }) type: CanonicalObservable['type'],
    @Args('value', { type: () => String }) value: string,
    @Context() { loaders, watching }: OpsContext,
  ): Promise<ExplanationObject> {
    const observable = observableNamed(type, value);
    const holding = await loaders.holding.load(observable);
    const places = await loaders.watchedBy.load(observable);
    return explanationOf(watching, prospectOf(holding, this.clock()), { observable, places });
  }

  @ResolveField(() => [WatchedObservableObject], { description: 'Every list that it is on.' })
  watchedBy(
    @Parent() observable: CanonicalObservable,
    @Context() { loaders }: OpsContext,
  ): Promise<WatchedObservable[]> {
    return loaders.watchedBy.load(observable);
  }

  @ResolveField(() => CacheEntryObject, {
    nullable: true,
    description: 'What is held about it; null when nothing is.',
  })
  async cache(
    @Parent() observable: CanonicalObservable,
    @Context() { loaders }: OpsContext,
  ): Promise<CacheEntryObject | null> {
    const entry = heldEntry(await loaders.holding.load(observable));
    return entry === undefined ? null : cacheEntry(entry);
  }

  @ResolveField(() => HistoryConnectionObject, {
    nullable: true,
    complexity: 5,
    description: 'What is held of its history, newest first; null when nothing is.',
  })
  async history(
    @Parent() observable: CanonicalObservable,
    @Args() page: HistoryPageArgs,
    @Args('filter', { type: () => HistoryFilter, nullable: true })
    filter: HistoryFilter | null | undefined,
    @Context() { loaders, watching }: OpsContext,
  ) {
    const wish = pageWish(page, 50);
    const records = await historyOf(watching, observable, () => loaders.holding.load(observable));
    const wanted = records?.filter((record) => passesHistory(record, given(filter)));
    return wanted === undefined ? null : pageOf(wish, wanted, historyPlace);
  }

  @ResolveField(() => ChangeConnectionObject, {
    complexity: 5,
    description: 'What changed in its history, newest first.',
  })
  changes(
    @Parent() { type, value }: CanonicalObservable,
    @Args() page: PageArgs,
    @Context() { watching }: OpsContext,
  ) {
    return changePage(watching, pageWish(page), { type, value });
  }

  @ResolveField(() => String, { description: 'The link that a refer call gives.' })
  referUrl(@Parent() observable: CanonicalObservable): string {
    return referral(this.config.securitytrails.uiUrl, observable)?.url ?? '';
  }
}
