import { PLANNING_MONTH_MS } from '#ledger';
import type { ObservableType } from '#observables';
import { DEFAULT_TUNING } from '#watch';

import { LOOKED_AT_EVERY_MS } from './resting.js';

/** Upstream calls for which a refresh of one observable is planned. */
export interface Appetite {
  /** At every refresh. */
  readonly each: number;
  /** At a refresh a month only: of questions whose answer has always been empty. */
  readonly resting: number;
}

/**
 * What an observable's refresh costs: an address one call; a domain one for its A records and one
 * for its AAAA records, which rest in this share of cases (0 to 1).
 */
export function appetiteOf(type: ObservableType, restingShare: number): Appetite {
  return type === 'domain'
    ? { each: 2 - restingShare, resting: restingShare }
    : { each: 1, resting: 0 };
}

/** Calls a month when it is refreshed at an interval. */
export function monthlyCalls({ each, resting }: Appetite, intervalMs: number): number {
  return (each * PLANNING_MONTH_MS) / intervalMs + resting * restingLooks(intervalMs);
}

/** How often a month a resting question is asked: at the first refresh after its rest. */
export function restingLooks(intervalMs: number): number {
  return PLANNING_MONTH_MS / (refreshesToLook(intervalMs) * intervalMs);
}

/** Whether every refresh asks also what rests, being longer apart than that. */
export function outlastsRest(intervalMs: number): boolean {
  return refreshesToLook(intervalMs) === 1;
}

/**
 * Which refresh after a look is the first after its rest, on average. Intervals vary about their
 * mean: one that would come just when the rest ends comes too early half the time, and is too early
 * for sure once the mean of so many cannot reach it any more.
 */
function refreshesToLook(intervalMs: number): number {
  const exact = LOOKED_AT_EVERY_MS / intervalMs;
  const nearest = Math.max(1, Math.round(exact));
  const reach = DEFAULT_TUNING.jitterShare / Math.sqrt(nearest);
  const tooEarly = 0.5 + (exact / nearest - 1) / reach;
  return nearest + Math.min(1, Math.max(0, tooEarly));
}
