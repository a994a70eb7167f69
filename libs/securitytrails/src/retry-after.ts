const SECONDS = /^\d{1,9}$/;

/**
 * A Retry-After header (RFC 9110 10.2.3: seconds or a date) in milliseconds from `now`.
 *
 * @returns undefined when there is none or it is neither form; never negative.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) {
    return Number(text) * 1_000;
  }
  // Date.parse takes "2" or "-1" for a year; a date of this header begins with a day's name.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
