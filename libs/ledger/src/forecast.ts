import { DAY_MS } from './calendar.js';

/**
 * When what is left ends at a pace, epoch milliseconds; null: not before it resets, or no limit is
 * known. Nothing left: now.
 */
export function exhaustsAt(state: {
  /** Calls; null: no limit is known. */
  readonly remaining: number | null;
  readonly callsPerDay: number;
  readonly now: number;
  readonly resetsAt: number;
}): number | null {
  const { remaining, callsPerDay, now, resetsAt } = state;
  if (remaining === null) {
    return null;
  }
  if (remaining <= 0) {
    return now;
  }
  const at = now + Math.round((remaining / callsPerDay) * DAY_MS);
  return at < resetsAt ? at : null;
}
