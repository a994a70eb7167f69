import type { Facts, Membership } from './entry.js';
import { isExpired, phaseOf } from './state.js';
import type { Phase, WatchState } from './state.js';

/**
 * Each list has one sorted set over the states of its observables. A score is a band and, in it,
 * the instant that matters: so what is due is a range, and every count costs O(log n).
 */
const BANDS = [
  'PENDING',
  'SCHEDULED',
  'HELD',
  'FAILING',
  'REFRESHING',
  'PAUSED',
  'EXPIRED',
] as const;
type Band = (typeof BANDS)[number];

/** Room for any instant until the year 5138; seven of them stay exact in a double. */
const BAND_WIDTH = 1e14;

/** Both ends included. */
export interface ScoreRange {
  readonly min: number;
  readonly max: number;
}

export function scoreOf(facts: Facts, membership: Membership, now: number): number {
  const band: Band = isExpired(membership, now)
    ? 'EXPIRED'
    : membership.paused
      ? 'PAUSED'
      : phaseOf(facts);
  return floorOf(band) + Math.min(Math.max(Math.trunc(facts.nextAt), 0), BAND_WIDTH - 1);
}

/** The instant that a score carries. */
export function instantOf(score: number): number {
  return score % BAND_WIDTH;
}

/** Where the observables of a list are that are in a state now. */
export function stateRanges(state: WatchState, listEnabled: boolean, now: number): ScoreRange[] {
  if (state === 'EXPIRED') {
    return [whole('EXPIRED')];
  }
  if (!listEnabled) {
    return state === 'PAUSED' ? [{ min: 0, max: floorOf('EXPIRED') - 1 }] : [];
  }
  switch (state) {
    case 'FRESH':
      return [{ min: floorOf('SCHEDULED') + now + 1, max: whole('SCHEDULED').max }];
    case 'DUE':
      return [dueRange('SCHEDULED', now), whole('HELD')];
    case 'PENDING':
    case 'REFRESHING':
    case 'FAILING':
    case 'PAUSED':
      return [whole(state)];
  }
}

/** What of a phase may be claimed now. */
export function dueRange(phase: Exclude<Phase, 'REFRESHING'>, now: number): ScoreRange {
  return { min: floorOf(phase), max: floorOf(phase) + Math.trunc(now) };
}

function whole(band: Band): ScoreRange {
  return { min: floorOf(band), max: floorOf(band) + BAND_WIDTH - 1 };
}

function floorOf(band: Band): number {
  return BANDS.indexOf(band) * BAND_WIDTH;
}
