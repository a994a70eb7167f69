import type { Payer } from '#ledger';
import { PRIORITIES } from '#watch';
import type { Watchlist } from '#watch';

type Paying = Pick<
  Watchlist,
  'id' | 'no' | 'priority' | 'refreshIntervalSeconds' | 'monthlyCallBudget'
>;

/**
 * The lists that may pay for a refresh, in that order: who wants it most urgently, then most often,
 * then longest.
 */
export function payersOf(lists: readonly Paying[]): readonly Payer[] {
  return [...lists]
    .sort(
      (one, other) =>
        PRIORITIES.indexOf(other.priority) - PRIORITIES.indexOf(one.priority) ||
        one.refreshIntervalSeconds - other.refreshIntervalSeconds ||
        one.no - other.no,
    )
    .map(({ id, monthlyCallBudget }) => ({ watchlistId: id, monthlyBudget: monthlyCallBudget }));
}
