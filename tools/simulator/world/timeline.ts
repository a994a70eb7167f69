import type { Day } from '../time/calendar.js';

/** How the answers for one name and record type follow each other, from its first day on for ever. */
export interface Rhythm {
  readonly born: Day;
  /** Days from the first to the last sight of answer `index`; at least 1, `Infinity` for the last. */
  stay(index: number): number;
  /** Days from that last sight to the next answer: 0 the same day, 1 the next, more for a gap. */
  pause(index: number): number;
  /** The answer as texts (see `valueOf`); none means "looked up, nothing answered". */
  answer(index: number): readonly string[];
}

/** Of a name that nothing is known of. */
export const NOTHING: Rhythm = {
  born: Number.POSITIVE_INFINITY,
  stay: () => Number.POSITIVE_INFINITY,
  pause: () => 0,
  answer: () => [],
};

/** A stretch of days with the same answer, as it looks from one day. */
export interface Interval {
  readonly firstSeen: Day;
  readonly lastSeen: Day;
  readonly texts: readonly string[];
}

/**
 * What is known of a rhythm on a day, newest first. A later day only moves the newest `lastSeen`
 * or puts intervals before it: nothing older ever changes (securitytrails-api 0.2).
 */
export function intervalsOn(rhythm: Rhythm, day: Day): readonly Interval[] {
  const intervals: Interval[] = [];
  for (let index = 0, start = rhythm.born; start <= day; index += 1) {
    const end = start + rhythm.stay(index);
    intervals.push({
      firstSeen: start,
      lastSeen: Math.min(end, day),
      texts: rhythm.answer(index),
    });
    start = end + rhythm.pause(index);
  }
  return intervals.reverse();
}
