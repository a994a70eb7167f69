import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

import type { BacktestRow, StoredChange } from '#changes';
import type { CanonicalObservable } from '#observables';

import { ObservableObject } from '../observables/observable.object-type.js';
import { connectionType } from '../schema/connection.js';
import { ChangeKindEnum, DnsRecordTypeEnum, ObservableTypeEnum } from '../schema/enums.js';
import { NodeObject } from '../schema/node.object-type.js';
import { DateScalar, DateTimeScalar } from '../schema/scalars.js';
import { PayloadObject } from '../schema/user-error.object-type.js';

@ObjectType('Change', {
  implements: () => NodeObject,
  description:
    'Two times, kept apart: when it was true in the world (firstSeen, lastSeen) and when this service learned of it (detectedAt).',
})
export class ChangeObject extends NodeObject {
  @Field(() => ObservableObject, { description: 'Whose history changed.' })
  observable!: CanonicalObservable;

  @Field(() => ChangeKindEnum, { description: 'What became of the value.' })
  kind!: StoredChange['kind'];

  @Field(() => DnsRecordTypeEnum, { description: 'The type of the record.' })
  recordType!: StoredChange['recordType'];

  @Field(() => String, { description: 'The value.' })
  value!: string;

  @Field(() => DateScalar, { nullable: true, description: 'Its first day, as upstream says.' })
  firstSeen!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Its last day, as upstream says.' })
  lastSeen!: string | null;

  @Field(() => DateTimeScalar, { description: 'When this service learned of it.' })
  detectedAt!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody took note.' })
  acknowledgedAt!: number | null;

  @Field(() => String, { nullable: true, description: 'Who took note.' })
  acknowledgedBy!: string | null;
}

export const ChangeConnectionObject = connectionType('Change', () => ChangeObject);

@InputType('ChangeFilter', { description: 'All that is given has to hold.' })
export class ChangeFilterInput {
  @Field(() => ID, { nullable: true, description: 'A list that the observable was on then.' })
  watchlistId?: string | null;

  @Field(() => ObservableTypeEnum, { nullable: true, description: 'Of the observable.' })
  type?: CanonicalObservable['type'] | null;

  @Field(() => String, { nullable: true, description: 'Of the observable; any spelling.' })
  value?: string | null;

  @Field(() => ChangeKindEnum, { nullable: true, description: 'Of this kind.' })
  kind?: StoredChange['kind'] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Learned of then or later.' })
  since?: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Learned of then or earlier.' })
  until?: number | null;
}

@ObjectType('BacktestRow', { description: 'What one observable would have raised.' })
class BacktestRowObject {
  @Field(() => ObservableObject, { description: 'Which.' })
  observable!: BacktestRow['observable'];

  @Field(() => Int, { description: 'Changes of the kind ADDED.' })
  added!: number;

  @Field(() => Int, { description: 'Changes of the kind ENDED.' })
  ended!: number;

  @Field(() => Int, { description: 'Changes of the kind RETURNED.' })
  returned!: number;
}

@ObjectType('Backtest', { description: 'What a list would have raised, by histories held.' })
export class BacktestObject {
  @Field(() => DateScalar, { description: 'The first day of the period.' })
  since!: string;

  @Field(() => ChangeConnectionObject, {
    description: 'The newest hundred; totalCount counts all.',
  })
  changes!: unknown;

  @Field(() => [BacktestRowObject], { description: 'Those that would have raised something.' })
  byObservable!: readonly BacktestRow[];

  @Field(() => [ObservableObject], { description: 'Those of which no history is held.' })
  notHeld!: readonly CanonicalObservable[];
}

@InputType('AcknowledgeChangesInput', { description: 'Which changes somebody took note of.' })
export class AcknowledgeChangesInput {
  @Field(() => [ID], { description: 'At most 1000.' })
  ids!: string[];
}

@ObjectType('AcknowledgeChangesPayload', { description: 'What came of it.' })
export class AcknowledgeChangesPayload extends PayloadObject {
  @Field(() => Int, { description: 'How many nobody had taken note of before.' })
  acknowledged!: number;
}
