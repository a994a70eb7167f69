import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { EnrichmentService } from '#enrichment';

import type { OpsContext } from '../ops.context.js';
import { Needs } from '../schema/access.js';
import { PageArgs, pageWish } from '../schema/connection.js';
import { given } from '../schema/given.js';
import { cachePage, invalidate } from './cache-entries.js';
import {
  CacheEntryConnectionObject,
  CacheEntryFilter,
  CacheEntryObject,
  InvalidateCacheInput,
  InvalidateCachePayload,
} from './cache-entry.object-type.js';

/** What is held. */
@Resolver(() => CacheEntryObject)
export class CacheResolver {
  constructor(private readonly enrichment: EnrichmentService) {}

  @Query(() => CacheEntryConnectionObject, {
    complexity: 500,
    description: 'What is held, by type and value.',
  })
  @Needs('VIEWER')
  cacheEntries(
    @Args() page: PageArgs,
    @Args('filter', { type: () => CacheEntryFilter, nullable: true })
    filter: CacheEntryFilter | null | undefined,
    @Context() { watching: { tenant } }: OpsContext,
  ) {
    const wish = pageWish(page);
    const { held } = this.enrichment;
    return cachePage({ held, tenant }, wish, given(filter));
  }

  @Mutation(() => InvalidateCachePayload, {
    complexity: 500,
    description: 'Forgets what is held; the next observe asks SecurityTrails.',
  })
  @Needs('OPERATOR')
  invalidateCache(
    @Args('input', { type: () => InvalidateCacheInput }) input: InvalidateCacheInput,
    @Context() { watching }: OpsContext,
  ): Promise<InvalidateCachePayload> {
    return invalidate(this.enrichment.held, watching, input);
  }

  @ResolveField(() => Boolean, { complexity: 1, description: 'Whether it is on any list.' })
  async watched(
    @Parent() { type, value }: CacheEntryObject,
    @Context() { loaders }: OpsContext,
  ): Promise<boolean> {
    return (await loaders.watchedBy.load({ type, value })).length > 0;
  }
}
