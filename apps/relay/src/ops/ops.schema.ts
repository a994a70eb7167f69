import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import type { Type } from '@nestjs/common';
import { isObjectType, lexicographicSortSchema, printSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { CacheResolver } from './cache/cache.resolver.js';
import { ChangesResolver } from './changes/changes.resolver.js';
import { withDeadlines } from './limits/field-deadline.js';
import { ownCost } from './limits/query-cost.js';
import { NodeResolver } from './node.resolver.js';
import { ObservablesResolver } from './observables/observables.resolver.js';
import { QueuesResolver } from './queues/queues.resolver.js';
import { QuotaResolver } from './queues/quota.resolver.js';
import { MembersResolver } from './watchlists/members.resolver.js';
import { RefreshesResolver } from './watchlists/refreshes.resolver.js';
import { WatchlistChangesResolver } from './watchlists/watchlist-changes.resolver.js';
import {
  WatchedObservablesResolver,
  WatchlistsResolver,
} from './watchlists/watchlists.resolver.js';

/** All that answers a field. */
export const OPS_RESOLVERS: readonly Type[] = [
  NodeResolver,
  WatchlistsResolver,
  WatchedObservablesResolver,
  WatchlistChangesResolver,
  MembersResolver,
  RefreshesResolver,
  ObservablesResolver,
  ChangesResolver,
  CacheResolver,
  QueuesResolver,
  QuotaResolver,
];

/** The schema as it is served: fields say what they cost and need, and wait no longer than they may. */
export function opsSchema(schema: GraphQLSchema): GraphQLSchema {
  return withDeadlines(withNotes(schema));
}

/** The served schema as text, without serving it. */
export async function printedSchema(): Promise<string> {
  const app = await NestFactory.create(GraphQLSchemaBuilderModule, {
    logger: false,
    abortOnError: false,
  });
  try {
    await app.init();
    const schema = await app.get(GraphQLSchemaFactory).create([...OPS_RESOLVERS]);
    return `${printSchema(lexicographicSortSchema(withNotes(schema)))}\n`;
  } finally {
    await app.close();
  }
}

/** Adds to descriptions what a field costs, where that is not the usual, and which role it needs. */
function withNotes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) && !type.name.startsWith('__')) {
      for (const field of Object.values(type.getFields())) {
        const { role, complexity } = field.extensions;
        const cost = typeof complexity === 'number' ? `Cost: ${ownCost(field)}.` : undefined;
        const needs = typeof role === 'string' ? `Needs: ${role}.` : undefined;
        const notes = [field.description, needs, cost].filter((note) => note !== undefined);
        field.description = notes.join(' ');
      }
    }
  }
  return schema;
}
