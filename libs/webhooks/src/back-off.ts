const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long is waited after the first, second, … attempt that failed: two days in all. */
export const BACK_OFF_MS: readonly number[] = [
  5 * SECOND,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  16 * HOUR,
];
/** Each wait is longer or shorter by up to this share, so that what failed together comes apart. */
const JITTER = 0.1;
/** A receiver may ask for more patience, but not for ever. */
export const MOST_RETRY_AFTER_MS = 12 * HOUR;

export interface FailedAttempt {
  /** How many attempts were made, this one too. */
  readonly tries: number;
  /** What `Retry-After` asked for; null: nothing. */
  readonly retryAfterMs: number | null;
}

/**
 * How long to wait for the next attempt, milliseconds; undefined: there is none.
 *
 * @param random 0 to 1
 */
export function waitAfter(
  { tries, retryAfterMs }: FailedAttempt,
  random: number,
): number | undefined {
  const wait = BACK_OFF_MS[tries - 1];
  if (wait === undefined) {
    return undefined;
  }
  const varied = wait * (1 - JITTER + 2 * JITTER * random);
  const asked = Math.min(retryAfterMs ?? 0, MOST_RETRY_AFTER_MS);
  return Math.round(Math.max(varied, asked));
}
