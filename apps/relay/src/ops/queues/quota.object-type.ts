import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

import type { LedgerRow } from '#ledger';

import { CallCauseEnum } from '../schema/enums.js';
import { DateTimeScalar } from '../schema/scalars.js';

@ObjectType('Quota', { description: 'The month of the SecurityTrails account.' })
export class QuotaObject {
  @Field(() => Int, { nullable: true, description: 'Calls a month; null when not known.' })
  limit!: number | null;

  @Field(() => Int, { nullable: true, description: 'Calls made this month.' })
  used!: number | null;

  @Field(() => Int, { nullable: true, description: 'Calls left; null when not known.' })
  remaining!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the month ends.' })
  resetsAt!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When upstream was last asked.' })
  asOf!: number | null;

  @Field(() => Int, {
    description: 'Calls kept back for analysts: background refreshes stop before they touch them.',
  })
  interactiveReserve!: number;

  @Field(() => Float, { description: 'What the lists as they are need in 30 days.' })
  plannedRefreshCallsPerMonth!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "When today's pace exhausts the quota; null if it does not before it resets.",
  })
  exhaustsAt!: number | null;
}

@ObjectType('LedgerRow', { description: 'Calls that have one thing in common.' })
export class LedgerRowObject {
  @Field(() => String, {
    description: 'The cause, the id of a list, type:value, the endpoint, or a day; - for none.',
  })
  key!: string;

  @Field(() => CallCauseEnum, { nullable: true, description: 'When grouped by it.' })
  cause!: LedgerRow['cause'];

  @Field(() => Int, { description: 'All of them, also those under way.' })
  calls!: number;

  @Field(() => Int, { description: 'Throttled, refused, over quota, or without a sound answer.' })
  failed!: number;
}
