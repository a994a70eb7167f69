import type { Account } from './account.js';
import { DAY_MS } from './calendar.js';
import { exhaustsAt } from './forecast.js';

/** A month for planning, in milliseconds. */
export const PLANNING_MONTH_MS = 30 * DAY_MS;
const MINUTE_MS = 60_000;
/** Minutes by which a division may miss the whole minute that was meant. */
const ROUNDING = 1e-6;

export interface CostQuestion {
  /** Calls of the first fetch of the whole batch. */
  readonly firstFetchCalls: number;
  /** Calls to refresh the whole batch once; may be a mean, so fractional. */
  readonly callsPerRefresh: number;
  readonly intervalMs: number;
  /** Calls that the lists as they are need in a month of 30 days. */
  readonly plannedPerMonth: number;
  readonly account: Account;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
}

/** What watching a batch would cost. */
export interface CostPreview {
  readonly firstFetchCalls: number;
  /** Refreshes of the batch in a month of 30 days. */
  readonly callsPerMonth: number;
  /**
   * When the quota would end, with the first fetch now and then the plan so far, today's pace of
   * analysts' calls and the new refreshes; epoch milliseconds. Null: not before it resets.
   */
  readonly quotaExhaustsAt: number | null;
  /**
   * The shortest interval, in whole minutes, that fits both the rest of this month and any whole
   * month, beside the reserve, the plan so far and the analysts' calls. Null: not even the longest.
   * Without a known limit: the shortest that is allowed.
   */
  readonly affordableIntervalSeconds: number | null;
}

/** The cost of watching a batch, by arithmetic alone. */
export function previewCost(question: CostQuestion): CostPreview {
  const { firstFetchCalls, callsPerRefresh, intervalMs, account, now } = question;
  const callsPerMonth = (callsPerRefresh * PLANNING_MONTH_MS) / intervalMs;
  const remaining = account.remaining === null ? null : account.remaining - firstFetchCalls;
  const callsPerDay = dailyBesides(question) + (callsPerMonth * DAY_MS) / PLANNING_MONTH_MS;
  return {
    firstFetchCalls,
    callsPerMonth,
    quotaExhaustsAt: exhaustsAt({ remaining, callsPerDay, now, resetsAt: account.resetsAt }),
    affordableIntervalSeconds: affordableIntervalSeconds(question),
  };
}

/** Calls a day that are made anyway: the plan so far and analysts. */
function dailyBesides({ plannedPerMonth, account }: CostQuestion): number {
  return (plannedPerMonth * DAY_MS) / PLANNING_MONTH_MS + account.observeCallsPerDay;
}

function affordableIntervalSeconds(question: CostQuestion): number | null {
  const { minIntervalMs, maxIntervalMs } = question;
  const minutes = Math.ceil(shortestMs(question) / MINUTE_MS - ROUNDING);
  const interval = Math.max(minIntervalMs, minutes * MINUTE_MS);
  return interval > maxIntervalMs ? null : interval / 1_000;
}

function shortestMs(question: CostQuestion): number {
  const perMs = affordablePerMs(question);
  if (question.callsPerRefresh === 0) {
    return perMs < 0 ? Infinity : 0;
  }
  return perMs <= 0 ? Infinity : question.callsPerRefresh / perMs;
}

/** Calls a millisecond that the batch may make, at the most; below zero: already too many. */
function affordablePerMs(question: CostQuestion): number {
  const { account, firstFetchCalls, now } = question;
  if (account.limit === null || account.remaining === null) {
    return Infinity;
  }
  const besides = dailyBesides(question) / DAY_MS;
  const restOfMonth = account.resetsAt - now;
  const left = account.remaining - account.reserve - firstFetchCalls;
  const anyMonth = (account.limit - account.reserve) / PLANNING_MONTH_MS - besides;
  // In the last instants before the reset, only what the first fetch takes can still be too much.
  const thisMonth = restOfMonth > 0 ? left / restOfMonth - besides : left < 0 ? -1 : Infinity;
  return Math.min(anyMonth, thisMonth);
}
