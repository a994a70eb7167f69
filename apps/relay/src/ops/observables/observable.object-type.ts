import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';

import type { CanonicalObservable } from '#observables';

import { connectionType } from '../schema/connection.js';
import { CacheOutcomeEnum, DnsRecordTypeEnum, ObservableTypeEnum } from '../schema/enums.js';
import { DateScalar } from '../schema/scalars.js';

@ObjectType('Observable', {
  description: 'A domain or an address as the service knows it. Nothing about it calls upstream.',
})
export class ObservableObject {
  @Field(() => ObservableTypeEnum, { description: 'What it is.' })
  type!: CanonicalObservable['type'];

  @Field(() => String, { description: 'In its canonical form.' })
  value!: string;
}

@ObjectType('HistoryRecord', { description: 'A value that a record had for a time.' })
export class HistoryRecordObject {
  @Field(() => DnsRecordTypeEnum, { description: 'The type of the record.' })
  recordType!: keyof typeof DnsRecordTypeEnum;

  @Field(() => String, { description: 'The value.' })
  value!: string;

  @Field(() => DateScalar, { nullable: true, description: 'First day; null when nobody says.' })
  firstSeen!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Last day; null while it runs.' })
  lastSeen!: string | null;

  @Field(() => [String], { description: 'Who owned the values of that time.' })
  organizations!: readonly string[];

  @Field(() => Boolean, { description: 'Whether it is held for current.' })
  active!: boolean;
}

export const HistoryConnectionObject = connectionType('History', () => HistoryRecordObject);

@InputType('HistoryFilter', { description: 'All that is given has to hold.' })
export class HistoryFilter {
  @Field(() => DnsRecordTypeEnum, { nullable: true, description: 'Of this type.' })
  recordType?: keyof typeof DnsRecordTypeEnum | null;

  @Field(() => DateScalar, { nullable: true, description: 'True on this day.' })
  activeOn?: string | null;

  @Field(() => String, { nullable: true, description: 'In the value, whatever the case.' })
  valueContains?: string | null;
}

@InputType('ObservableInput', { description: 'An observable, in any spelling.' })
export class ObservableInput {
  @Field(() => ObservableTypeEnum, { description: 'What it is.' })
  type!: CanonicalObservable['type'];

  @Field(() => String, { description: 'Its value.' })
  value!: string;
}

@ObjectType('Explanation', { description: 'What an observe would do now, and why.' })
export class ExplanationObject {
  @Field(() => ObservableObject, { description: 'In its canonical form.' })
  observable!: CanonicalObservable;

  @Field(() => CacheOutcomeEnum, { description: 'How it would be answered.' })
  wouldServe!: keyof typeof CacheOutcomeEnum;

  @Field(() => String, { description: 'In one sentence.' })
  reason!: string;

  @Field(() => [String], { description: 'Question by question, and when it is refreshed next.' })
  steps!: readonly string[];

  @Field(() => Int, { description: 'Upstream calls that it would cause, one page a question.' })
  upstreamCalls!: number;
}
