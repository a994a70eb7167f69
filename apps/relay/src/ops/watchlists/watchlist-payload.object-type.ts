import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';

import type { WatchedObservable, Watchlist } from '#watch';

import { DateTimeScalar } from '../schema/scalars.js';
import { PayloadObject } from '../schema/user-error.object-type.js';
import { WatchedObservableObject, WatchlistObject } from './watchlist.object-type.js';

@ObjectType('WatchlistPayload', { description: 'What came of it.' })
export class WatchlistPayload extends PayloadObject {
  @Field(() => WatchlistObject, { nullable: true, description: 'As it is now.' })
  watchlist!: Watchlist | null;
}

@ObjectType('DeletePayload', { description: 'What came of it.' })
export class DeletePayload extends PayloadObject {
  @Field(() => ID, { nullable: true, description: 'What is gone.' })
  deletedId!: string | null;
}

@ObjectType('RejectedValue', { description: 'What could not be read.' })
export class RejectedValueObject {
  @Field(() => Int, { nullable: true, description: 'From 1; null when there are no lines.' })
  line!: number | null;

  @Field(() => String, { description: 'As it was given, cut to 200 characters.' })
  value!: string;

  @Field(() => String, { description: 'Why.' })
  reason!: string;
}

@ObjectType('CostPreview', { description: 'What watching would cost, in upstream calls.' })
export class CostPreviewObject {
  @Field(() => Int, { description: 'Different observables, those on the list among them.' })
  accepted!: number;

  @Field(() => Int, { description: 'Of these, on the list already.' })
  alreadyWatched!: number;

  @Field(() => Int, { description: 'Once, for one page of each history.' })
  firstFetchCalls!: number;

  @Field(() => Float, { description: 'For refreshes, in a month of 30 days.' })
  callsPerMonth!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the quota would end; null: not before it resets.',
  })
  quotaExhaustsAt!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The shortest refresh interval that fits the quota left after the reserve; null if none does.',
  })
  affordableIntervalSeconds!: number | null;
}

@ObjectType('AddObservablesPayload', {
  description: 'With dryRun nothing is saved, `added` is empty and `preview` is set.',
})
export class AddObservablesPayload extends PayloadObject {
  @Field(() => WatchlistObject, { nullable: true, description: 'As it is now.' })
  watchlist!: Watchlist | null;

  @Field(() => [WatchedObservableObject], { description: 'What was not on it before.' })
  added!: readonly WatchedObservable[];

  @Field(() => Int, { description: 'What was on it already, and stayed as it was.' })
  alreadyWatched!: number;

  @Field(() => [RejectedValueObject], {
    complexity: 0,
    description: 'What could not be read; the first 10000.',
  })
  rejected!: readonly RejectedValueObject[];

  @Field(() => CostPreviewObject, { nullable: true, description: 'Set with dryRun.' })
  preview!: CostPreviewObject | null;
}

@ObjectType('RemoveObservablesPayload', { description: 'What came of it.' })
export class RemoveObservablesPayload extends PayloadObject {
  @Field(() => Int, { description: 'How many were on the list.' })
  removed!: number;
}

@ObjectType('WatchedObservablePayload', { description: 'What came of it.' })
export class WatchedObservablePayload extends PayloadObject {
  @Field(() => WatchedObservableObject, { nullable: true, description: 'As it is now.' })
  watchedObservable!: WatchedObservable | null;
}

@ObjectType('RefreshPayload', { description: 'What came of it.' })
export class RefreshPayload extends PayloadObject {
  @Field(() => Int, { description: 'Refreshes that were asked for.' })
  enqueued!: number;

  @Field(() => Int, { description: 'Refreshes that were under way already.' })
  alreadyQueued!: number;
}
