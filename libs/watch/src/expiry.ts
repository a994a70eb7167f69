const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
  m: 30 * DAY_MS,
  y: 365 * DAY_MS,
};

const DATE =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/i;
const SHORT = /^(\d{1,5}) ?([hdwmy])$/i;
/** ISO 8601 durations, as far as they have a fixed length when a month is 30 and a year 365 days. */
const ISO =
  /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/i;
const ISO_UNITS_MS = [365 * DAY_MS, 30 * DAY_MS, 7 * DAY_MS, DAY_MS, 3_600_000, 60_000, 1_000];

/**
 * When something expires that was given as a date (`2027-03-01`, RFC 3339; UTC unless it says so) or
 * as a duration from now (`30d`, `2 w`, `P30D`, `P1M`, `PT12H`).
 *
 * @returns epoch milliseconds, undefined for any other text; it may lie in the past.
 */
export function parseExpiry(text: string, now: number): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 64) {
    return undefined;
  }
  return DATE.test(trimmed) ? parseDate(trimmed) : parseDuration(trimmed, now);
}

function parseDate(text: string): number | undefined {
  const iso = text.replace(' ', 'T').toUpperCase();
  const zoned = /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`;
  const at = Date.parse(zoned);
  const day = iso.slice(0, 10);
  // Date takes the 31st of February for the 3rd of March.
  const real = new Date(Date.parse(day));
  return Number.isNaN(at) || Number.isNaN(real.getTime()) || !real.toISOString().startsWith(day)
    ? undefined
    : at;
}

function parseDuration(text: string, now: number): number | undefined {
  const [, count, unit = ''] = SHORT.exec(text) ?? [];
  const ms = UNITS[unit.toLowerCase()];
  if (count !== undefined && ms !== undefined) {
    return now + Number(count) * ms;
  }
  const [, ...amounts] = (ISO.exec(text) ?? []) as readonly (string | undefined)[];
  if (amounts.every((amount) => amount === undefined)) {
    return undefined;
  }
  const lengths = ISO_UNITS_MS.map((unitMs, index) => Number(amounts[index] ?? 0) * unitMs);
  return lengths.reduce((sum, length) => sum + length, now);
}
