import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { listCursor, observableCursor } from '#watch';
import type { ListSummary, WatchedObservable, Watchlist } from '#watch';

import { changePage } from '../changes/change-page.js';
import { ChangeConnectionObject } from '../changes/change.object-type.js';
import type { OpsContext } from '../ops.context.js';
import { Needs } from '../schema/access.js';
import { connection, PageArgs, pageWish } from '../schema/connection.js';
import { given } from '../schema/given.js';
import {
  WatchedObservableConnectionObject,
  WatchedObservableFilter,
  WatchedObservableObject,
  WatchlistConnectionObject,
  WatchlistFilter,
  WatchlistObject,
  WatchlistSummaryObject,
} from './watchlist.object-type.js';

/** Watchlists, read. */
@Resolver(() => WatchlistObject)
export class WatchlistsResolver {
  @Query(() => WatchlistConnectionObject, {
    complexity: 5,
    description: 'All lists, in the order of their creation.',
  })
  @Needs('VIEWER')
  async watchlists(
    @Args() page: PageArgs,
    @Args('filter', { type: () => WatchlistFilter, nullable: true })
    filter: WatchlistFilter | null | undefined,
    @Context() { watching: { lists } }: OpsContext,
  ) {
    const wish = pageWish(page);
    const { items, nextCursor } = await lists.page(wish, given(filter));
    return connection(wish, {
      items,
      cursorOf: listCursor,
      hasMore: nextCursor !== null,
      total: () => lists.count(given(filter)),
    });
  }

  @Query(() => WatchlistObject, {
    nullable: true,
    description: 'One list; null when there is none with this id.',
  })
  @Needs('VIEWER')
  async watchlist(
    @Args('id', { type: () => ID }) id: string,
    @Context() { loaders }: OpsContext,
  ): Promise<Watchlist | null> {
    return (await loaders.watchlist.load(id)) ?? null;
  }

  @ResolveField(() => WatchedObservableConnectionObject, {
    complexity: 5,
    description: 'What is on it, by type and value.',
  })
  async observables(
    @Parent() list: Watchlist,
    @Args() page: PageArgs,
    @Args('filter', { type: () => WatchedObservableFilter, nullable: true })
    filter: WatchedObservableFilter | null | undefined,
    @Context() { watching: { reader } }: OpsContext,
  ) {
    const wish = pageWish(page);
    const { items, nextCursor } = await reader.page(list, wish, given(filter));
    return connection(wish, {
      items,
      cursorOf: observableCursor,
      hasMore: nextCursor !== null,
      total: () => reader.count(list, given(filter)),
    });
  }

  @ResolveField(() => WatchlistSummaryObject, { description: 'Counts by state, for a list page.' })
  async summary(@Parent() list: Watchlist, @Context() { loaders }: OpsContext) {
    return summaryOf(await loaders.summary.load(list));
  }

  @ResolveField(() => ChangeConnectionObject, {
    complexity: 5,
    description: 'What changed while it watched, newest first.',
  })
  changes(
    @Parent() { id }: Watchlist,
    @Args() page: PageArgs,
    @Context() { watching }: OpsContext,
  ) {
    return changePage(watching, pageWish(page), { watchlistId: id });
  }
}

/** An observable on a list. */
@Resolver(() => WatchedObservableObject)
export class WatchedObservablesResolver {
  @ResolveField(() => WatchlistObject, { description: 'The list that it is on.' })
  watchlist(@Parent() { watchlistId }: WatchedObservable, @Context() { loaders }: OpsContext) {
    return loaders.watchlist.load(watchlistId);
  }
}

function summaryOf({ total, byState, lastChangeAt }: ListSummary): WatchlistSummaryObject {
  return {
    total,
    fresh: byState.FRESH,
    due: byState.DUE,
    failing: byState.FAILING,
    neverFetched: byState.PENDING,
    lastChangeAt,
  };
}
