import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';

import type { HeldEntry } from '#enrichment';
import { canonicalise } from '#observables';
import type { CanonicalObservable } from '#observables';

import { ObservableInput } from '../observables/observable.object-type.js';
import { connectionType } from '../schema/connection.js';
import { CacheStateEnum, ObservableTypeEnum } from '../schema/enums.js';
import { NodeObject } from '../schema/node.object-type.js';
import { DateTimeScalar } from '../schema/scalars.js';
import { PayloadObject } from '../schema/user-error.object-type.js';

@ObjectType('CacheEntry', {
  implements: () => NodeObject,
  description: 'All that is held about an observable, summed over its questions.',
})
export class CacheEntryObject extends NodeObject {
  @Field(() => ObservableTypeEnum, { description: 'Of the observable.' })
  type!: CanonicalObservable['type'];

  @Field(() => String, { description: 'Of the observable.' })
  value!: string;

  @Field(() => CacheStateEnum, { description: 'Of the least good of its answers.' })
  state!: HeldEntry['state'];

  @Field(() => DateTimeScalar, { description: 'Of the oldest answer.' })
  fetchedAt!: number;

  @Field(() => DateTimeScalar, { description: 'When the first answer is fresh no longer.' })
  freshUntil!: number;

  @Field(() => DateTimeScalar, { description: 'When the last answer is gone.' })
  expiresAt!: number;

  @Field(() => Int, { description: 'As it is stored.' })
  bytes!: number;

  @Field(() => Int, { description: 'Records held.' })
  records!: number;

  @Field(() => Int, { description: 'Upstream pages held.' })
  pagesFetched!: number;

  @Field(() => Int, { nullable: true, description: 'Upstream pages that there are, as last told.' })
  pagesTotal!: number | null;
}

export const CacheEntryConnectionObject = connectionType('CacheEntry', () => CacheEntryObject);

@InputType('CacheEntryFilter', { description: 'All that is given has to hold.' })
export class CacheEntryFilter {
  @Field(() => ObservableTypeEnum, { nullable: true, description: 'Of this type.' })
  type?: CanonicalObservable['type'] | null;

  @Field(() => CacheStateEnum, { nullable: true, description: 'In this state.' })
  state?: HeldEntry['state'] | null;

  @Field(() => String, { nullable: true, description: 'In the value, whatever the case.' })
  valueContains?: string | null;
}

@InputType('InvalidateCacheInput', { description: 'Exactly one of the fields.' })
export class InvalidateCacheInput {
  @Field(() => ObservableInput, { nullable: true, description: 'What is held about this.' })
  observable?: ObservableInput | null;

  @Field(() => ID, { nullable: true, description: 'What is held about all of this list.' })
  watchlistId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Everything.' })
  all?: boolean | null;
}

@ObjectType('InvalidateCachePayload', { description: 'What came of it.' })
export class InvalidateCachePayload extends PayloadObject {
  @Field(() => Int, { description: 'Of how many observables something was held.' })
  invalidated!: number;
}

/** What is held as an entry of the API. */
export function cacheEntry(held: HeldEntry): CacheEntryObject {
  const { observable, keepUntil, ...entry } = held;
  return { ...entry, ...observable, id: idOf(observable), expiresAt: keepUntil };
}

function idOf({ type, value }: CanonicalObservable): string {
  return `ce_${Buffer.from(`${type}:${value}`).toString('base64url')}`;
}

/** The observable that the id of an entry names; undefined for any other text. */
export function observableOfId(id: string): CanonicalObservable | undefined {
  const text = Buffer.from(id.slice('ce_'.length), 'base64url').toString();
  const colon = text.indexOf(':');
  return canonicalise(text.slice(0, colon), text.slice(colon + 1));
}
