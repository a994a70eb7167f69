import type { SecurityTrailsError } from './errors.js';

/** One retry after a failure (reliability 1.5), two after a throttle. */
const MAX_FAILURES = 1;
const MAX_THROTTLES = 2;
/** A wait longer than this is the caller's decision, not something to sleep through here. */
const MAX_WAIT_MS = 5_000;
const PASSING = new Set([500, 502, 503, 504]);

/** What has happened so far within one call. */
export interface RetryState {
  readonly failures: number;
  readonly throttles: number;
}

export type NextMove =
  | { readonly kind: 'give_up' }
  | { readonly kind: 'retry'; readonly because: keyof RetryState; readonly waitMs: number };

const GIVE_UP: NextMove = { kind: 'give_up' };

/**
 * Whether, and after how many milliseconds, a failed call is made again.
 *
 * @param budgetAllows whether earlier answers pay for a retry; throttles need no pay.
 * @param random 0 inclusive to 1 exclusive, spreads the retries of many callers.
 */
export function nextMove(
  error: SecurityTrailsError,
  state: RetryState,
  budgetAllows: boolean,
  random: number,
): NextMove {
  if (error.code === 'throttled') {
    return afterThrottle(error.waitMs ?? throttleWaitMs(random), state);
  }
  if (!isPassing(error) || state.failures >= MAX_FAILURES || !budgetAllows) {
    return GIVE_UP;
  }
  return { kind: 'retry', because: 'failures', waitMs: 300 + random * 500 };
}

/** SecurityTrails' docs say to wait a second; the spread keeps callers from coming back together. */
export function throttleWaitMs(random: number): number {
  return 1_000 + random * 500;
}

function afterThrottle(waitMs: number, state: RetryState): NextMove {
  return state.throttles < MAX_THROTTLES && waitMs <= MAX_WAIT_MS
    ? { kind: 'retry', because: 'throttles', waitMs }
    : GIVE_UP;
}

/** A timeout within the body is not retried: upstream had done, and charged, its work. */
function isPassing(error: SecurityTrailsError): boolean {
  if (error.code === 'network') {
    return true;
  }
  return error.status === undefined
    ? error.code === 'timeout'
    : error.code === 'server' && PASSING.has(error.status);
}
