import { describe, expect, it } from '@jest/globals';

import { DEFAULT_TUNING } from '#watch';

import { appetiteOf, monthlyCalls } from './plan-rules.js';
import { isResting, rests } from './resting.js';

const DAY = 86_400_000;
const HISTORY = {
  baselineAt: 0,
  lookedAt: 0,
  complete: true,
  current: [],
  intervals: [],
  withdrawn: [],
};
const INTERVAL = {
  first: '2026-01-01',
  last: null,
  values: ['2001:db8::1'],
  orgs: [],
  learnedAt: 0,
  endLearnedAt: 0,
  lastConfirmedAt: 0,
  withdrawnAt: null,
  late: false,
};

describe('monthlyCalls', () => {
  it.each([
    ['an address each day', 'ip', 0, 1, 30],
    ['a name with AAAA records each day', 'domain', 0, 1, 60],
    ['a name whose AAAA question rests, each 60 days', 'domain', 1, 60, 1],
    ['a name with AAAA records, each 60 days', 'domain', 0, 60, 1],
    ['a name of which nothing is known but that half rest, each 7 days', 'domain', 0.5, 7, 6.857],
  ] as const)('of %s', (...[, type, share, days, calls]) => {
    expect(monthlyCalls(appetiteOf(type, share), days * DAY)).toBeCloseTo(calls, 3);
  });

  it.each([0.25, 1, 3, 7, 10, 15, 16, 20, 29, 30, 31, 45, 90])(
    'of a name whose AAAA question rests, each %d days, are those of many years of refreshes',
    (days) => {
      const truth = livedCalls(days * DAY);
      const told = monthlyCalls(appetiteOf('domain', 1), days * DAY);
      expect(Math.abs(told / truth - 1)).toBeLessThan(0.02);
    },
  );
});

/** Calls in 30 days of a name without AAAA records, by refreshing it 20,000 times. */
function livedCalls(intervalMs: number): number {
  const random = numbers();
  let [now, calls, known] = [0, 0, HISTORY];
  for (let count = 0; count < 20_000; count += 1) {
    now += intervalMs * (1 + (random() - 0.5) * DEFAULT_TUNING.jitterShare);
    const rested = isResting(known, now);
    calls += rested ? 1 : 2;
    known = rested ? known : { ...known, lookedAt: now };
  }
  return (calls * 30 * DAY) / now;
}

/** The same each time, spread evenly over 0 to 1. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('rests', () => {
  it('holds of a whole history that never had anything', () => {
    expect(rests(HISTORY)).toBe(true);
    expect(rests({ ...HISTORY, complete: false })).toBe(false);
    expect(rests({ ...HISTORY, intervals: [INTERVAL] })).toBe(false);
    expect(rests({ ...HISTORY, withdrawn: [{ ...INTERVAL, withdrawnAt: 1 }] })).toBe(false);
  });
});
