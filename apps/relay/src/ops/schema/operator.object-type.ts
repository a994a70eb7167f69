import { Field, ObjectType } from '@nestjs/graphql';

import type { Role } from '../auth/operator.js';
import { RoleEnum } from './enums.js';

@ObjectType('Operator', { description: 'Who uses the API, as the token says.' })
export class OperatorObject {
  @Field(() => String, { description: 'What is written down as the actor.' })
  subject!: string;

  @Field(() => String, { nullable: true, description: 'For people.' })
  name!: string | null;

  @Field(() => RoleEnum, { description: 'What the operator may do.' })
  role!: Role;
}
