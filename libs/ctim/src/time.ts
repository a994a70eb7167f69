/** When something was seen: RFC 3339 in UTC, start <= end (ctim 2). */
export interface ObservedTime {
  readonly start_time: string;
  readonly end_time?: string;
}

/** CTIM's times begin with 1970 and end before 2525-01-01T00:01Z (ctim 2); milliseconds. */
export const EARLIEST_MS = 0;
export const LATEST_MS = Date.parse('2525-01-01T00:01:00.000Z') - 1;

const DAY_MS = 86_400_000;
const CALENDAR_DATE = /^\d{4}-\d{2}-\d{2}$/;
const RFC_3339_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/**
 * The instant as CTIA writes it: UTC, milliseconds, `Z`. What lies outside CTIM's range is moved to
 * its nearer end.
 *
 * @throws RangeError for NaN.
 */
export function instant(ms: number): string {
  return new Date(Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS)).toISOString();
}

/** Milliseconds of an RFC 3339 time in UTC; undefined when it is none, or names a day that is not. */
export function parseInstant(text: string): number | undefined {
  if (!RFC_3339_UTC.test(text)) {
    return undefined;
  }
  const ms = Date.parse(text);
  // Date.parse takes 30 February for 2 March, and 24:00 for the next day.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 19))
    ? ms
    : undefined;
}

/** Whether the text is a day that exists, written YYYY-MM-DD. */
export function isCalendarDate(text: string): boolean {
  return CALENDAR_DATE.test(text) && parseInstant(`${text}T00:00:00Z`) !== undefined;
}

/** The first millisecond of a UTC day given as YYYY-MM-DD; NaN when it is no such day. */
export function startOfDay(day: string): number {
  return isCalendarDate(day) ? Date.parse(`${day}T00:00:00.000Z`) : Number.NaN;
}

/** The last millisecond of a UTC day given as YYYY-MM-DD; NaN when it is no such day. */
export function endOfDay(day: string): number {
  return startOfDay(day) + DAY_MS - 1;
}

/** A period as the vendor dates it: days, either of which may be missing or nonsense. */
export interface SeenDays {
  /** YYYY-MM-DD; anything else counts as missing. */
  readonly firstSeen?: string | null | undefined;
  /** YYYY-MM-DD; missing means that the period is still running. */
  readonly lastSeen?: string | null | undefined;
  /** When the vendor said so, in milliseconds: nothing was seen later than that. */
  readonly fetchedAtMs: number;
}

/**
 * The whole UTC days of a period, cut off at the moment it was fetched (ctim 5). Without a last day
 * it ends at the fetch, without any day it is the fetch. Days in the wrong order are put right.
 * Always a valid CTIM time.
 *
 * @throws RangeError when `fetchedAtMs` is NaN.
 */
export function observedDays({ firstSeen, lastSeen, fetchedAtMs }: SeenDays): ObservedTime {
  const first = existing(firstSeen);
  const last = existing(lastSeen);
  const [from, to] = first && last && first > last ? [last, first] : [first ?? last, last];
  const end = Math.min(to === undefined ? fetchedAtMs : endOfDay(to), fetchedAtMs);
  const start = Math.min(from === undefined ? fetchedAtMs : startOfDay(from), end);
  return { start_time: instant(start), end_time: instant(end) };
}

function existing(day: string | null | undefined): string | undefined {
  return typeof day === 'string' && isCalendarDate(day) ? day : undefined;
}
