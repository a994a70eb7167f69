import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';

import { canonicalise } from '#observables';
import type { RefreshAsked } from '#watching';

import type { OpsContext } from '../ops.context.js';
import { Needs } from '../schema/access.js';
import { userError } from '../schema/user-error.object-type.js';
import type { UserErrorObject } from '../schema/user-error.object-type.js';
import { RefreshObservableInput, RefreshWatchlistInput } from './watchlist-input.object-type.js';
import { RefreshPayload } from './watchlist-payload.object-type.js';

/** Refreshes because an operator asks for them. */
@Resolver()
export class RefreshesResolver {
  @Mutation(() => RefreshPayload, {
    complexity: 20,
    description: 'Refreshes an observable now, before what is scheduled.',
  })
  @Needs('OPERATOR')
  async refreshObservable(
    @Args('input', { type: () => RefreshObservableInput })
    { observable: { type, value } }: RefreshObservableInput,
    @Context() { watching }: OpsContext,
  ): Promise<RefreshPayload> {
    const observable = canonicalise(type, value);
    return observable === undefined
      ? refused(
          userError('INVALID', ['observable', 'value'], 'the value cannot be one of its type'),
        )
      : asked(await watching.refreshNow.refreshObservable(observable));
  }

  @Mutation(() => RefreshPayload, {
    complexity: 50,
    description: 'Refreshes all of a list now, but what is paused or has expired.',
  })
  @Needs('OPERATOR')
  async refreshWatchlist(
    @Args('input', { type: () => RefreshWatchlistInput }) { id }: RefreshWatchlistInput,
    @Context() { watching }: OpsContext,
  ): Promise<RefreshPayload> {
    const list = await watching.lists.find(id);
    return list === undefined
      ? refused(userError('NOT_FOUND', ['id'], 'id is not there'))
      : asked(await watching.refreshNow.refreshWatchlist(list));
  }
}

function asked({ enqueued, alreadyQueued }: RefreshAsked): RefreshPayload {
  return { enqueued, alreadyQueued, userErrors: [] };
}

function refused(fault: UserErrorObject): RefreshPayload {
  return { enqueued: 0, alreadyQueued: 0, userErrors: [fault] };
}
