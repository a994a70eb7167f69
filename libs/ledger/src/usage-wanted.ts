import { DAY_MS, HOUR_MS, monthStart } from './calendar.js';
import type { Reading, Rules, Standing } from './standing.js';
import { believedUsed, reachesReserve } from './standing.js';

/** When upstream is asked for its own count, in milliseconds. */
export interface UsageTiming {
  /** After an attempt that nobody has heard of, or that failed. */
  readonly retryMs: number;
  /** Between two readings at least. */
  readonly everyMs: number;
  /** Between two readings of an account that tells no allowance. */
  readonly untoldMs: number;
  /** Between two readings while the background rests for want of quota. */
  readonly restingMs: number;
  /** Share of the allowance that must have been booked since the last reading. */
  readonly share: number;
  /** Calls that must have been booked at least, however small the allowance. */
  readonly least: number;
}

/**
 * The timing at an instant. The month of the account may begin a little later than ours; on its first
 * day a reading that stops the work is soon looked at again.
 */
export function usageTiming(at: number): UsageTiming {
  const isFirstDay = at - monthStart(at) < DAY_MS;
  return {
    retryMs: 60_000,
    everyMs: HOUR_MS,
    untoldMs: DAY_MS,
    restingMs: isFirstDay ? HOUR_MS : DAY_MS,
    share: 0.02,
    least: 5,
  };
}

/** An instant, and by what it is judged. */
interface Occasion {
  readonly at: number;
  readonly rules: Rules;
  readonly timing: UsageTiming;
  /** Upstream refuses for quota, whatever was counted. */
  readonly isUsedUp: boolean;
}

/**
 * Whether upstream's own count is due. `askedAt`: the last attempt, epoch milliseconds. Redis decides
 * alike (redis.scripts.ts).
 */
export function isUsageWanted(
  standing: Pick<Standing, 'count' | 'reading'>,
  askedAt: number | null,
  occasion: Occasion,
): boolean {
  const { at, rules, timing } = occasion;
  if (askedAt !== null && at - askedAt < timing.retryMs) {
    return false;
  }
  if (rules.hardLimit !== null && believedUsed(standing) >= rules.hardLimit) {
    return false;
  }
  const { reading, count } = standing;
  return reading === null || isOutdated(reading, count, occasion);
}

function isOutdated(reading: Reading, count: number, occasion: Occasion): boolean {
  const { at, rules, timing, isUsedUp } = occasion;
  const age = at - reading.at;
  const since = count - reading.seen;
  if (reading.allowed === null) {
    return age >= timing.untoldMs && since >= 1;
  }
  const isMoved =
    age >= timing.everyMs && since >= Math.max(timing.least, reading.allowed * timing.share);
  const isResting = isUsedUp || reachesReserve({ count, reading }, rules);
  return isMoved || (age >= timing.restingMs && isResting);
}
