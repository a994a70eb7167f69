import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';

import type { Priority, WatchedObservable, WatchState } from '#watch';

import { ObservableObject } from '../observables/observable.object-type.js';
import { connectionType } from '../schema/connection.js';
import { ObservableTypeEnum, PriorityEnum, WatchStateEnum } from '../schema/enums.js';
import { NodeObject } from '../schema/node.object-type.js';
import { DateTimeScalar } from '../schema/scalars.js';

@ObjectType('WatchlistSummary', { description: 'Counts by state, for a list page.' })
export class WatchlistSummaryObject {
  @Field(() => Int, { description: 'All.' })
  total!: number;

  @Field(() => Int, { description: 'In the state FRESH.' })
  fresh!: number;

  @Field(() => Int, { description: 'In the state DUE.' })
  due!: number;

  @Field(() => Int, { description: 'In the state FAILING.' })
  failing!: number;

  @Field(() => Int, { description: 'In the state PENDING.' })
  neverFetched!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Of its newest change.' })
  lastChangeAt!: number | null;
}

@ObjectType('Watchlist', {
  implements: () => NodeObject,
  description: 'Observables that are kept fresh and looked at for changes.',
})
export class WatchlistObject extends NodeObject {
  @Field(() => String, { description: 'Unique, whatever the case.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'For people.' })
  description!: string | null;

  @Field(() => [String], { description: 'For filters.' })
  tags!: readonly string[];

  @Field(() => Boolean, { description: 'A list that is not costs nothing.' })
  enabled!: boolean;

  @Field(() => PriorityEnum, { description: 'Whose refreshes come first.' })
  priority!: Priority;

  @Field(() => Int, { description: 'How often its observables are refreshed.' })
  refreshIntervalSeconds!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Upstream calls a month this list may spend on refreshes; null: no limit of its own.',
  })
  monthlyCallBudget!: number | null;

  @Field(() => Boolean, { description: 'Changes are recorded, nobody is told.' })
  muted!: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: number;

  @Field(() => String, { description: 'By whom.' })
  createdBy!: string;

  @Field(() => DateTimeScalar, { description: 'When its settings were last changed.' })
  updatedAt!: number;
}

@ObjectType('WatchedObservable', {
  implements: () => NodeObject,
  description: 'An observable on a list.',
})
export class WatchedObservableObject extends NodeObject {
  @Field(() => ObservableObject, { description: 'What is watched.' })
  observable!: WatchedObservable['observable'];

  @Field(() => String, { nullable: true, description: 'Why.' })
  note!: string | null;

  @Field(() => DateTimeScalar, { description: 'Since when it is on the list.' })
  addedAt!: number;

  @Field(() => String, { description: 'By whom it was put there.' })
  addedBy!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when; null: for good.' })
  expiresAt!: number | null;

  @Field(() => WatchStateEnum, { description: 'Where it stands.' })
  state!: WatchState;

  @Field(() => DateTimeScalar, { nullable: true, description: 'How old what is known is.' })
  lastRefreshedAt!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its turn comes.' })
  nextRefreshAt!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Of its newest change.' })
  lastChangeAt!: number | null;

  @Field(() => Int, { description: 'Refreshes that failed since one succeeded.' })
  consecutiveFailures!: number;

  @Field(() => String, { nullable: true, description: 'Why the last one failed: a code.' })
  lastError!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was put off, without being a failure: a code.',
  })
  waitingFor!: string | null;
}

export const WatchlistConnectionObject = connectionType('Watchlist', () => WatchlistObject);
export const WatchedObservableConnectionObject = connectionType(
  'WatchedObservable',
  () => WatchedObservableObject,
);

@InputType('WatchlistFilter', { description: 'All that is given has to hold.' })
export class WatchlistFilter {
  @Field(() => String, { nullable: true, description: 'In the name, whatever the case.' })
  nameContains?: string | null;

  @Field(() => String, { nullable: true, description: 'One of its tags.' })
  tag?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is enabled.' })
  enabled?: boolean | null;
}

@InputType('WatchedObservableFilter', { description: 'All that is given has to hold.' })
export class WatchedObservableFilter {
  @Field(() => ObservableTypeEnum, { nullable: true, description: 'Of this type.' })
  type?: WatchedObservable['observable']['type'] | null;

  @Field(() => WatchStateEnum, { nullable: true, description: 'In this state.' })
  state?: WatchState | null;

  @Field(() => String, { nullable: true, description: 'In the value, whatever the case.' })
  valueContains?: string | null;
}
