import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';

import type { Outcome, Watchlist } from '#watch';

import type { OpsContext } from '../ops.context.js';
import { Needs } from '../schema/access.js';
import { given } from '../schema/given.js';
import { userErrors } from '../schema/user-error.object-type.js';
import { nullFaults, patchOf } from './list-patch.js';
import {
  CreateWatchlistInput,
  DeleteWatchlistInput,
  UpdateWatchlistInput,
} from './watchlist-input.object-type.js';
import { DeletePayload, WatchlistPayload } from './watchlist-payload.object-type.js';

/** Watchlists as a whole, changed. */
@Resolver()
export class WatchlistChangesResolver {
  @Mutation(() => WatchlistPayload, { complexity: 10, description: 'Makes a list.' })
  @Needs('OPERATOR')
  async createWatchlist(
    @Args('input', { type: () => CreateWatchlistInput }) input: CreateWatchlistInput,
    @Context() { watching: { lists }, operator }: OpsContext,
  ): Promise<WatchlistPayload> {
    const { name, ...settings } = given(input);
    return payloadOf(await lists.create({ ...settings, name: name ?? '' }, operator.subject));
  }

  @Mutation(() => WatchlistPayload, {
    complexity: 10,
    description: 'Changes the settings of a list.',
  })
  @Needs('OPERATOR')
  async updateWatchlist(
    @Args('input', { type: () => UpdateWatchlistInput }) input: UpdateWatchlistInput,
    @Context() { watching: { lists } }: OpsContext,
  ): Promise<WatchlistPayload> {
    const faults = nullFaults(input);
    return faults.length > 0
      ? { watchlist: null, userErrors: faults }
      : payloadOf(await lists.update(input.id, patchOf(input)));
  }

  @Mutation(() => DeletePayload, {
    complexity: 10,
    description: 'Deletes a list; its observables stay on other lists.',
  })
  @Needs('OPERATOR')
  async deleteWatchlist(
    @Args('input', { type: () => DeleteWatchlistInput }) { id }: DeleteWatchlistInput,
    @Context() { watching: { lists } }: OpsContext,
  ): Promise<DeletePayload> {
    const outcome = await lists.delete(id);
    return outcome.ok
      ? { deletedId: outcome.value, userErrors: [] }
      : { deletedId: null, userErrors: userErrors(outcome.faults) };
  }
}

function payloadOf(outcome: Outcome<Watchlist>): WatchlistPayload {
  return outcome.ok
    ? { watchlist: outcome.value, userErrors: [] }
    : { watchlist: null, userErrors: userErrors(outcome.faults) };
}
