import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

import type { JobView, QueueFigures } from '#jobs';
import type { CanonicalObservable } from '#observables';

import { ObservableObject } from '../observables/observable.object-type.js';
import { connectionType } from '../schema/connection.js';
import { JobStateEnum } from '../schema/enums.js';
import { DateTimeScalar } from '../schema/scalars.js';
import { PayloadObject } from '../schema/user-error.object-type.js';

@ObjectType('JobCounts', { description: 'Jobs by state.' })
export class JobCountsObject {
  @Field(() => Int, { description: 'May begin now.' })
  waiting!: number;

  @Field(() => Int, { description: 'May begin now, by priority.' })
  prioritized!: number;

  @Field(() => Int, { description: 'In work.' })
  active!: number;

  @Field(() => Int, { description: 'Put off.' })
  delayed!: number;

  @Field(() => Int, { description: 'Done, as far as they are kept.' })
  completed!: number;

  @Field(() => Int, { description: 'Given up, as far as they are kept.' })
  failed!: number;
}

@ObjectType('Queue', { description: 'A queue of background work.' })
export class QueueObject {
  @Field(() => String, { description: 'By which it is named in arguments.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether nothing of it begins.' })
  paused!: boolean;

  @Field(() => Int, { description: 'Processes that work on it.' })
  workers!: number;

  @Field(() => JobCountsObject, { description: 'Jobs by state.' })
  counts!: JobCountsObject;

  @Field(() => Float, { nullable: true, description: 'Null when none waits.' })
  oldestWaitingSeconds!: number | null;
}

@ObjectType('Job', { description: 'A piece of background work.' })
export class JobObject {
  @Field(() => ID, { description: 'Within its queue.' })
  id!: string;

  @Field(() => String, { description: 'What kind of work.' })
  name!: string;

  @Field(() => JobStateEnum, { description: 'Where it stands.' })
  state!: JobView['state'];

  @Field(() => ObservableObject, { nullable: true, description: 'What it is about.' })
  observable!: CanonicalObservable | null;

  @Field(() => Int, { description: 'How often it was begun.' })
  attemptsMade!: number;

  @Field(() => String, { nullable: true, description: 'Why it was given up.' })
  failedReason!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was put into the queue.' })
  createdAt!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last begun.' })
  processedAt!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  finishedAt!: number | null;
}

export const JobConnectionObject = connectionType('Job', () => JobObject);

@InputType('QueueInput', { description: 'Which queue.' })
export class QueueInput {
  @Field(() => String, { description: 'Its name.' })
  queue!: string;
}

@InputType('JobInput', { description: 'Which job.' })
export class JobInput {
  @Field(() => String, { description: 'The name of its queue.' })
  queue!: string;

  @Field(() => ID, { description: 'Within that.' })
  id!: string;
}

@ObjectType('QueuePayload', { description: 'What came of it.' })
export class QueuePayload extends PayloadObject {
  @Field(() => QueueObject, { nullable: true, description: 'As it is now.' })
  queue!: QueueObject | null;
}

@ObjectType('RetryJobsPayload', { description: 'What came of it.' })
export class RetryJobsPayload extends PayloadObject {
  @Field(() => Int, { description: 'Jobs put back.' })
  retried!: number;
}

@ObjectType('JobPayload', { description: 'What came of it.' })
export class JobPayload extends PayloadObject {
  @Field(() => JobObject, { nullable: true, description: 'As it is now.' })
  job!: JobView | null;
}

/** A queue in the words of the API. @param now epoch milliseconds of the machine, as jobs have it. */
export function queueObject(figures: QueueFigures, now: number): QueueObject {
  const { name, paused, workers, oldestWaitingAt, ...counts } = figures;
  const waited = oldestWaitingAt === null ? null : Math.max(0, (now - oldestWaitingAt) / 1_000);
  return { name, paused, workers, counts, oldestWaitingSeconds: waited };
}
