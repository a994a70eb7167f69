import { Field, ObjectType } from '@nestjs/graphql';

import type { WatchFault } from '#watch';

import { UserErrorCodeEnum } from './enums.js';

@ObjectType('UserError', { description: 'An expected failure, for which nothing was changed.' })
export class UserErrorObject {
  @Field(() => [String], {
    nullable: true,
    description: 'The path into the input; null when the whole is meant.',
  })
  field!: readonly string[] | null;

  @Field(() => String, { description: 'What is wrong, for people.' })
  message!: string;

  @Field(() => UserErrorCodeEnum, { description: 'What is wrong, for programs.' })
  code!: keyof typeof UserErrorCodeEnum;
}

/** What every payload has besides its own. */
@ObjectType({ isAbstract: true })
export abstract class PayloadObject {
  @Field(() => [UserErrorObject], {
    complexity: 0,
    description: 'Why nothing was changed; empty after a success.',
  })
  userErrors!: readonly UserErrorObject[];
}

/** Faults in the words of the API. */
export function userErrors(faults: readonly WatchFault[]): UserErrorObject[] {
  return faults.map(({ field, code, message }) => ({
    field: field.length === 0 ? null : field,
    code,
    message: field.length === 0 ? message : `${field.join('.')} ${message}`,
  }));
}

export function userError(
  code: UserErrorObject['code'],
  field: readonly string[],
  message: string,
): UserErrorObject {
  return { code, field: field.length === 0 ? null : field, message };
}
