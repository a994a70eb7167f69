/** Whole days since 1970-01-01, UTC: the vendor's dates have no time and no zone (securitytrails-api 2.1). */
export type Day = number;

const MS_PER_DAY = 86_400_000;
const DATE_FORM = /^\d{4}-\d{2}-\d{2}$/;

/** The day an instant (epoch milliseconds) falls on. */
export function dayAt(epochMs: number): Day {
  return Math.floor(epochMs / MS_PER_DAY);
}

/** `YYYY-MM-DD` of a day. */
export function dateOf(day: Day): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** The day of a `YYYY-MM-DD` text; `undefined` when it names no day of the calendar. */
export function parseDate(text: string): Day | undefined {
  const epochMs = DATE_FORM.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse rolls 31 February over into March: only a date that survives the round trip is one.
  if (Number.isNaN(epochMs) || dateOf(dayAt(epochMs)) !== text) {
    return undefined;
  }
  return dayAt(epochMs);
}

/** As `parseDate`, for dates known to be right. Throws `RangeError` otherwise. */
export function dayOf(text: string): Day {
  const day = parseDate(text);
  if (day === undefined) {
    throw new RangeError('a date must be a real day in the form YYYY-MM-DD');
  }
  return day;
}
