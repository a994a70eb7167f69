const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The calendar day of an instant (epoch milliseconds) in UTC, as `YYYY-MM-DD`. */
export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  return Date.parse(day) / DAY_MS;
}

/** The inverse of {@link dayNumber}. */
export function dayText(number: number): string {
  return dayOf(startOfDay(number));
}

/** Epoch milliseconds at which a day, given as its number, begins. */
export function startOfDay(number: number): number {
  return number * DAY_MS;
}

/** The day itself when there is such a day in the calendar, else null. */
export function realDay(day: string | null): string | null {
  if (day === null || !DAY.test(day)) {
    return null;
  }
  // V8 takes 31 February for 3 March.
  const number = dayNumber(day);
  return !Number.isNaN(number) && dayText(number) === day ? day : null;
}

/** Whether what ended on one day and what began on another leave no whole day between them. */
export function touching(last: string | null, first: string | null): boolean {
  return last !== null && first !== null && dayNumber(first) - dayNumber(last) <= 1;
}

/** The earlier of two days; one that is not known gives way. */
export function earlierDay(a: string | null, b: string | null): string | null {
  return a === null || b === null ? (a ?? b) : a < b ? a : b;
}

/** The later of two days; null is no end, and so later than any. */
export function laterEnd(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : a > b ? a : b;
}
