import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';

import { CLOCK } from '#core';
import type { Clock } from '#core';
import { canonicalise } from '#observables';

import type { OpsContext } from '../ops.context.js';
import { Needs } from '../schema/access.js';
import { userErrors } from '../schema/user-error.object-type.js';
import { batchOf, batchOfText, previewBatch, saveBatch } from './intake.js';
import type { Batch } from './intake.js';
import { nullFaults } from './list-patch.js';
import {
  AddObservablesInput,
  ImportObservablesInput,
  RemoveObservablesInput,
  UpdateWatchedObservableInput,
} from './watchlist-input.object-type.js';
import {
  AddObservablesPayload,
  RemoveObservablesPayload,
  WatchedObservablePayload,
} from './watchlist-payload.object-type.js';

/** What is on which list, changed. */
@Resolver()
export class MembersResolver {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  @Mutation(() => AddObservablesPayload, {
    complexity: 20,
    description: 'Puts observables on a list; those on it already stay as they are.',
  })
  @Needs('OPERATOR')
  addObservables(
    @Args('input', { type: () => AddObservablesInput }) input: AddObservablesInput,
    @Context() context: OpsContext,
  ): Promise<AddObservablesPayload> {
    return take(input, batchOf(input), context);
  }

  @Mutation(() => AddObservablesPayload, {
    complexity: 50,
    description:
      'Free text or CSV as people paste it: defanged values (hxxp://, example[.]com), URLs, e-mail addresses, one or many a line.',
  })
  @Needs('OPERATOR')
  async importObservables(
    @Args('input', { type: () => ImportObservablesInput }) input: ImportObservablesInput,
    @Context() context: OpsContext,
  ): Promise<AddObservablesPayload> {
    const batch = await batchOfText(input, context.watching, this.clock());
    return take(input, batch, context);
  }

  @Mutation(() => RemoveObservablesPayload, {
    complexity: 20,
    description: 'Takes observables off a list.',
  })
  @Needs('OPERATOR')
  async removeObservables(
    @Args('input', { type: () => RemoveObservablesInput }) input: RemoveObservablesInput,
    @Context() { watching: { members } }: OpsContext,
  ): Promise<RemoveObservablesPayload> {
    const observables = input.observables.flatMap(
      ({ type, value }) => canonicalise(type, value) ?? [],
    );
    const outcome = await members.remove(input.watchlistId, observables);
    return outcome.ok
      ? { removed: outcome.value, userErrors: [] }
      : { removed: 0, userErrors: userErrors(outcome.faults) };
  }

  @Mutation(() => WatchedObservablePayload, {
    complexity: 10,
    description: 'Note, expiry, pause of one watched observable.',
  })
  @Needs('OPERATOR')
  async updateWatchedObservable(
    @Args('input', { type: () => UpdateWatchedObservableInput })
    { id, ...patch }: UpdateWatchedObservableInput,
    @Context() { watching: { members, reader } }: OpsContext,
  ): Promise<WatchedObservablePayload> {
    const faults = nullFaults(patch, ['note', 'expiresAt']);
    if (faults.length > 0) {
      return { watchedObservable: null, userErrors: faults };
    }
    const { paused, ...rest } = patch;
    const outcome = await members.update(id, definedOnly({ ...rest, paused: paused ?? undefined }));
    const [watchedObservable = null] = outcome.ok ? await reader.byIds([id]) : [];
    return { watchedObservable, userErrors: outcome.ok ? [] : userErrors(outcome.faults) };
  }
}

function take(
  { watchlistId, dryRun }: AddObservablesInput | ImportObservablesInput,
  batch: Batch,
  { watching, operator }: OpsContext,
): Promise<AddObservablesPayload> {
  return dryRun === true
    ? previewBatch(watching, watchlistId, batch)
    : saveBatch(watching, { listId: watchlistId, actor: operator.subject }, batch);
}

type Defined<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

function definedOnly<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
