import { Field, ID, InterfaceType } from '@nestjs/graphql';

/** How ids begin, and what they name. */
const PREFIXES: readonly (readonly [string, string])[] = [
  ['wl_', 'Watchlist'],
  ['wo_', 'WatchedObservable'],
  ['ch_', 'Change'],
  ['ce_', 'CacheEntry'],
];

/** The type that an id is of; undefined for an id of no known form. */
export function typeOfId(id: string): string | undefined {
  return PREFIXES.find(([prefix]) => id.startsWith(prefix))?.[1];
}

@InterfaceType('Node', {
  description: 'Something with an id by which it is found again.',
  resolveType: ({ id }: NodeObject) => typeOfId(id),
})
export abstract class NodeObject {
  @Field(() => ID, { description: 'Opaque, unique over all types.' })
  id!: string;
}
