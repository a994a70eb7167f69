import type { KnownHistory } from '#changes';

/** A name without IPv6 seldom gets it, and a call is money: after two looks, one a month. */
export const LOOKED_AT_EVERY_MS = 30 * 86_400_000;

/** Whether a held history will be asked for monthly only: it is whole, and never had anything. */
export function rests({ complete, intervals, withdrawn }: KnownHistory): boolean {
  return complete && intervals.length === 0 && withdrawn.length === 0;
}

/**
 * Whether a record that never had anything is left alone now: at least two complete looks found
 * nothing, the last of them less than 30 days before `now` (epoch milliseconds).
 */
export function isResting(known: KnownHistory | undefined, now: number): known is KnownHistory {
  return (
    known !== undefined &&
    rests(known) &&
    known.lookedAt > known.baselineAt &&
    now - known.lookedAt < LOOKED_AT_EVERY_MS
  );
}
