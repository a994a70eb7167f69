import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  ID,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';

import { MOST_A_PAGE } from '#changes';
import type { ChangeFilter, StoredChange } from '#changes';
import { CLOCK } from '#core';
import type { Clock } from '#core';
import { canonicalise, OBSERVABLE_TYPES } from '#observables';
import type { Watchlist } from '#watch';
import { DEPLOYMENT } from '#watching';

import type { OpsContext } from '../ops.context.js';
import { OpsError } from '../ops.errors.js';
import { Needs } from '../schema/access.js';
import { connection, PageArgs, pageWish } from '../schema/connection.js';
import { given } from '../schema/given.js';
import { DateScalar } from '../schema/scalars.js';
import { userError } from '../schema/user-error.object-type.js';
import { WatchlistObject } from '../watchlists/watchlist.object-type.js';
import { backtestOf } from './backtest.js';
import { changePage } from './change-page.js';
import {
  AcknowledgeChangesInput,
  AcknowledgeChangesPayload,
  BacktestObject,
  ChangeConnectionObject,
  ChangeFilterInput,
  ChangeObject,
} from './change.object-type.js';

/** What changed in watched history. */
@Resolver(() => ChangeObject)
export class ChangesResolver {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  @Query(() => ChangeConnectionObject, {
    complexity: 5,
    description: 'What changed in watched history, newest first.',
  })
  @Needs('VIEWER')
  changes(
    @Args() page: PageArgs,
    @Args('filter', { type: () => ChangeFilterInput, nullable: true })
    filter: ChangeFilterInput | null | undefined,
    @Context() { watching }: OpsContext,
  ) {
    const wish = pageWish(page);
    const wanted = filterOf(filter);
    return wanted === undefined
      ? connection<StoredChange>(wish, { items: [], cursorOf: String, hasMore: false, total: 0 })
      : changePage(watching, wish, wanted);
  }

  @Query(() => BacktestObject, {
    complexity: 200,
    description:
      'The changes that this list would have raised over the period, from history already held: no upstream call.',
  })
  @Needs('VIEWER')
  async backtest(
    @Args('watchlistId', { type: () => ID }) watchlistId: string,
    @Args('since', { type: () => DateScalar }) since: string,
    @Context() { watching }: OpsContext,
  ): Promise<BacktestObject> {
    const list = await watching.lists.find(watchlistId);
    if (list === undefined) {
      throw new OpsError('NOT_FOUND', 'There is no watchlist with this id.');
    }
    return backtestOf(watching, list, since);
  }

  @Mutation(() => AcknowledgeChangesPayload, {
    complexity: 10,
    description: 'Marks changes as seen. Done twice it changes nothing.',
  })
  @Needs('OPERATOR')
  async acknowledgeChanges(
    @Args('input', { type: () => AcknowledgeChangesInput }) { ids }: AcknowledgeChangesInput,
    @Context() { watching: { changes }, operator }: OpsContext,
  ): Promise<AcknowledgeChangesPayload> {
    if (ids.length > MOST_A_PAGE) {
      const fault = userError('TOO_MANY', ['ids'], `ids are more than ${MOST_A_PAGE}`);
      return { acknowledged: 0, userErrors: [fault] };
    }
    const missing = await this.#missing(changes, ids);
    if (missing.length > 0) {
      return { acknowledged: 0, userErrors: missing };
    }
    const by = operator.subject;
    const { acknowledged } = await changes.acknowledge({
      tenant: DEPLOYMENT,
      ids,
      by,
      at: this.clock(),
    });
    return { acknowledged: acknowledged.length, userErrors: [] };
  }

  @ResolveField(() => [WatchlistObject], {
    description: 'The lists that the observable was on then, as far as they are still there.',
  })
  async watchlists(
    @Parent() { watchlists }: StoredChange,
    @Context() { loaders }: OpsContext,
  ): Promise<Watchlist[]> {
    const lists = await Promise.all(watchlists.map((id) => loaders.watchlist.load(id)));
    return lists.filter((list) => list !== undefined);
  }

  async #missing(changes: OpsContext['watching']['changes'], ids: readonly string[]) {
    const found = await changes.find(DEPLOYMENT, ids);
    return ids.flatMap((_, index) =>
      found[index] === null
        ? [userError('NOT_FOUND', ['ids', String(index)], `ids.${index} is not there`)]
        : [],
    );
  }
}

/** The filter with its value in canonical form; undefined when no observable can pass it. */
function filterOf(input: ChangeFilterInput | null | undefined): ChangeFilter | undefined {
  const { value, type, ...rest } = given(input);
  if (value === undefined) {
    return { ...rest, ...(type !== undefined && { type }) };
  }
  const types = type === undefined ? OBSERVABLE_TYPES : [type];
  const observable = types.map((one) => canonicalise(one, value)).find((one) => one !== undefined);
  return observable && { ...rest, ...observable };
}
