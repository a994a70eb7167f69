import { Args, Context, ID, Query, Resolver } from '@nestjs/graphql';

import { heldEntry } from '#enrichment';
import { DEPLOYMENT } from '#watching';

import type { Operator } from './auth/operator.js';
import { cacheEntry, observableOfId } from './cache/cache-entry.object-type.js';
import type { OpsContext } from './ops.context.js';
import { Needs } from './schema/access.js';
import { NodeObject, typeOfId } from './schema/node.object-type.js';
import { OperatorObject } from './schema/operator.object-type.js';

/** What is found by its id alone, and who asks. */
@Resolver()
export class NodeResolver {
  @Query(() => NodeObject, { nullable: true, description: 'Whatever has this id.' })
  @Needs('VIEWER')
  async node(
    @Args('id', { type: () => ID }) id: string,
    @Context() context: OpsContext,
  ): Promise<NodeObject | null> {
    const { loaders, watching } = context;
    switch (typeOfId(id)) {
      case 'Watchlist':
        return (await loaders.watchlist.load(id)) ?? null;
      case 'WatchedObservable':
        return (await watching.reader.byIds([id]))[0] ?? null;
      case 'Change':
        return (await watching.changes.find(DEPLOYMENT, [id]))[0] ?? null;
      case 'CacheEntry':
        return cacheNode(context, id);
      case undefined:
      default:
        return null;
    }
  }

  @Query(() => OperatorObject, { description: 'Who is asking, and what they may do.' })
  @Needs('VIEWER')
  viewer(@Context() { operator }: OpsContext): Operator {
    return operator;
  }
}

async function cacheNode({ loaders }: OpsContext, id: string): Promise<NodeObject | null> {
  const observable = observableOfId(id);
  const holding = observable && (await loaders.holding.load(observable));
  const entry = holding && heldEntry(holding);
  return entry ? cacheEntry(entry) : null;
}
