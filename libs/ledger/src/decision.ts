import type { BookingReply, BookingRequest } from './ledger-store.port.js';
import type { Reading } from './standing.js';
import { believedUsed, reachesReserve } from './standing.js';

export type Refused = NonNullable<BookingReply['refused']>;
export type Decision = Pick<BookingReply, 'refused' | 'watchlistId'>;

interface MonthState {
  readonly count: number;
  readonly reading: Reading | null;
  readonly spent: (watchlistId: string) => number;
}

/** Whether a call may be made, and who pays. Redis decides alike (redis.scripts.ts). */
export function decide(request: BookingRequest, month: MonthState): Decision {
  const refused = quotaRefusal(request, month);
  return refused === null ? payerOf(request, month.spent) : { refused, watchlistId: null };
}

function quotaRefusal(request: BookingRequest, month: MonthState): Refused | null {
  const { hardLimit } = request.rules;
  // Whether the account's own allowance is used up, upstream says to the analyst who asks.
  if (hardLimit !== null && believedUsed(month) >= hardLimit) {
    return 'hard_limit';
  }
  if (!request.isBackground) {
    return null;
  }
  if (month.reading === null && request.entry.cause !== 'HEALTH') {
    return 'quota_unknown';
  }
  return reachesReserve(month, request.rules) ? 'reserve' : null;
}

function payerOf({ payers, entry }: BookingRequest, spent: MonthState['spent']): Decision {
  const able = payers.find(
    ({ watchlistId, monthlyBudget }) =>
      monthlyBudget === null || spent(watchlistId) < monthlyBudget,
  );
  const payer = able ?? (entry.cause === 'OPERATOR' ? payers[0] : undefined);
  return payers.length > 0 && payer === undefined
    ? { refused: 'budget', watchlistId: null }
    : { refused: null, watchlistId: payer?.watchlistId ?? null };
}
