import { Field, ID, InputType, Int } from '@nestjs/graphql';

import { DEFAULT_SETTINGS } from '#watch';
import type { Priority, WatchedObservable } from '#watch';

import { ObservableInput } from '../observables/observable.object-type.js';
import { ObservableTypeEnum, PriorityEnum } from '../schema/enums.js';
import { DateTimeScalar } from '../schema/scalars.js';

@InputType('CreateWatchlistInput', { description: 'A new list.' })
export class CreateWatchlistInput {
  @Field(() => String, { description: 'Unique, whatever the case.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'For people.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'For filters.' })
  tags?: string[] | null;

  @Field(() => PriorityEnum, {
    nullable: true,
    defaultValue: DEFAULT_SETTINGS.priority,
    description: 'Whose refreshes come first.',
  })
  priority?: Priority | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_SETTINGS.refreshIntervalSeconds,
    description: 'From 3600 (an hour) to 7776000 (90 days).',
  })
  refreshIntervalSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: 'Upstream calls a month; null: no limit.' })
  monthlyCallBudget?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: DEFAULT_SETTINGS.enabled,
    description: 'A list that is not costs nothing.',
  })
  enabled?: boolean | null;
}

@InputType('UpdateWatchlistInput', {
  description: 'What is absent stays; null takes a description or a budget away.',
})
export class UpdateWatchlistInput {
  @Field(() => ID, { description: 'Which list.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Unique, whatever the case.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'For people.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'All tags, in place of those it has.' })
  tags?: string[] | null;

  @Field(() => PriorityEnum, { nullable: true, description: 'Whose refreshes come first.' })
  priority?: Priority | null;

  @Field(() => Int, { nullable: true, description: 'From 3600 to 7776000.' })
  refreshIntervalSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: 'Upstream calls a month; null: no limit.' })
  monthlyCallBudget?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'A list that is not costs nothing.' })
  enabled?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Changes are recorded, nobody is told.' })
  muted?: boolean | null;
}

@InputType('DeleteWatchlistInput', { description: 'Which list is to go.' })
export class DeleteWatchlistInput {
  @Field(() => ID, { description: 'Which list.' })
  id!: string;
}

@InputType('WatchInput', { description: 'What is to be watched.' })
export class WatchInput {
  @Field(() => ObservableTypeEnum, { description: 'What it is.' })
  type!: WatchedObservable['observable']['type'];

  @Field(() => String, { description: 'Its value, in any spelling.' })
  value!: string;

  @Field(() => String, { nullable: true, description: 'Why.' })
  note?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when; null: for good.' })
  expiresAt?: number | null;
}

@InputType('AddObservablesInput', { description: 'What is to be put on a list.' })
export class AddObservablesInput {
  @Field(() => ID, { description: 'Which list.' })
  watchlistId!: string;

  @Field(() => [WatchInput], { description: 'What is to be watched.' })
  observables!: WatchInput[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only shows what would be added and what it would cost.',
  })
  dryRun?: boolean | null;
}

@InputType('ImportObservablesInput', { description: 'Text with what is to be put on a list.' })
export class ImportObservablesInput {
  @Field(() => ID, { description: 'Which list.' })
  watchlistId!: string;

  @Field(() => String, { description: 'Free text or CSV.' })
  text!: string;

  @Field(() => String, { nullable: true, description: 'For those that bring no note.' })
  note?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'For those that bring no expiry.' })
  expiresAt?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Only shows what would be added and what it would cost.',
  })
  dryRun?: boolean | null;
}

@InputType('RemoveObservablesInput', { description: 'What is to be taken off a list.' })
export class RemoveObservablesInput {
  @Field(() => ID, { description: 'Which list.' })
  watchlistId!: string;

  @Field(() => [ObservableInput], { description: 'What is to go; what is not on it stays away.' })
  observables!: ObservableInput[];
}

@InputType('UpdateWatchedObservableInput', {
  description: 'What is absent stays; null takes a note or an expiry away.',
})
export class UpdateWatchedObservableInput {
  @Field(() => ID, { description: 'Which observable on which list.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Why it is watched.' })
  note?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when; null: for good.' })
  expiresAt?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it rests.' })
  paused?: boolean | null;
}

@InputType('RefreshObservableInput', { description: 'What is to be refreshed now.' })
export class RefreshObservableInput {
  @Field(() => ObservableInput, { description: 'Watched or not.' })
  observable!: ObservableInput;
}

@InputType('RefreshWatchlistInput', { description: 'Which list is to be refreshed now.' })
export class RefreshWatchlistInput {
  @Field(() => ID, { description: 'Which list.' })
  id!: string;
}
