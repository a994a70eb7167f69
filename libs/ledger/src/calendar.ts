export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** `YYYY-MM`, UTC. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** `YYYY-MM-DD`, UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Whole hours since the epoch. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS);
}

/** Epoch milliseconds of the first instant of the month, UTC. */
export function monthStart(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** Epoch milliseconds of the first instant of the next month, UTC. */
export function nextMonthStart(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** The UTC days that a span touches, oldest first, but only the last `most` of them. */
export function daysTouched(since: number, until: number, most: number): readonly string[] {
  const last = Math.floor((until - 1) / DAY_MS);
  const first = Math.max(Math.floor(since / DAY_MS), last - most + 1);
  const count = Math.max(0, last - first + 1);
  return Array.from({ length: count }, (_, index) => dayOf((first + index) * DAY_MS));
}
