import type { Reading, Standing } from './standing.js';

/**
 * What a process remembers of a month, and tells with each booking: a Redis that has lost its last
 * second, or all of it, is put right by it.
 */
export interface Recollection {
  readonly generation: string;
  /** Highest count seen in this generation. */
  readonly count: number;
  /** Highest count seen in any earlier one. */
  readonly before: number;
  readonly reading: Reading | null;
}

export const NOTHING_REMEMBERED: Recollection = {
  generation: '',
  count: 0,
  before: 0,
  reading: null,
};

/** What is remembered after another answer of the store. */
export function remembered(known: Recollection, seen: Standing): Recollection {
  const isSame = known.generation === seen.generation;
  return {
    generation: seen.generation,
    count: isSame ? Math.max(known.count, seen.count) : seen.count,
    before: isSame ? known.before : Math.max(known.before, known.count),
    reading: newerReading(known.reading, seen.reading),
  };
}

/** What of a month is held, where something may have been lost. */
export interface HeldCount {
  readonly generation: string;
  /** Booked when this generation began. */
  readonly generationOwn: number;
  readonly own: number;
  readonly lost: number;
}

/**
 * The calls to take for lost. What was remembered in another generation came before this one began,
 * so what has been booked since comes on top of it.
 */
export function lostCalls(held: HeldCount, known: Recollection): number {
  const isSame = known.generation === held.generation;
  const before = isSame ? known.before : Math.max(known.before, known.count);
  const missed = isSame ? known.count - held.own : 0;
  return Math.max(held.lost, before - held.generationOwn, missed);
}

/** Whether Redis holds less than it did in this same generation: then another one begins. */
export function hasForgotten({ generation, own, lost }: HeldCount, known: Recollection): boolean {
  return known.generation === generation && known.count > own + lost;
}

export function newerReading(one: Reading | null, other: Reading | null): Reading | null {
  return (other?.at ?? -Infinity) > (one?.at ?? -Infinity) ? other : one;
}
