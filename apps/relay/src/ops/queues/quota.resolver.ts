import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import type { LedgerGroup, LedgerRow } from '#ledger';
import type { Watchlist } from '#watch';

import type { OpsContext } from '../ops.context.js';
import { Needs } from '../schema/access.js';
import { LedgerGroupEnum } from '../schema/enums.js';
import { DateTimeScalar } from '../schema/scalars.js';
import { WatchlistObject } from '../watchlists/watchlist.object-type.js';
import { LedgerRowObject, QuotaObject } from './quota.object-type.js';

/** What calls there are, and what they were made for. */
@Resolver(() => LedgerRowObject)
export class QuotaResolver {
  @Query(() => QuotaObject, {
    complexity: 50,
    description:
      "SecurityTrails quota: what is used, what is left, and when today's plan would exhaust it.",
  })
  @Needs('VIEWER')
  async quota(@Context() { watching }: OpsContext): Promise<QuotaObject> {
    const { ledger, plan, tenant } = watching;
    const [account, { callsPerMonth }] = await Promise.all([ledger.account(tenant), plan.plan()]);
    return {
      ...account,
      interactiveReserve: Math.ceil(account.reserve),
      plannedRefreshCallsPerMonth: callsPerMonth,
    };
  }

  @Query(() => [LedgerRowObject], {
    complexity: 50,
    description:
      'Every upstream call booked to its cause; the sum over causes is the number of calls made.',
  })
  @Needs('VIEWER')
  callLedger(
    @Context() { watching: { ledger, tenant } }: OpsContext,
    @Args('since', { type: () => DateTimeScalar, nullable: true }) since?: number | null,
    @Args('until', { type: () => DateTimeScalar, nullable: true }) until?: number | null,
    @Args('groupBy', { type: () => LedgerGroupEnum, nullable: true, defaultValue: 'CAUSE' })
    groupBy?: LedgerGroup | null,
  ): Promise<readonly LedgerRow[]> {
    return ledger.rows({
      tenant,
      groupBy: groupBy ?? 'CAUSE',
      ...(since !== undefined && since !== null && { since }),
      ...(until !== undefined && until !== null && { until }),
    });
  }

  @ResolveField(() => WatchlistObject, {
    nullable: true,
    description: 'When grouped by lists, the one that paid, as far as it is still there.',
  })
  async watchlist(
    @Parent() { watchlistId }: LedgerRow,
    @Context() { loaders }: OpsContext,
  ): Promise<Watchlist | null> {
    return watchlistId === null ? null : ((await loaders.watchlist.load(watchlistId)) ?? null);
  }
}
