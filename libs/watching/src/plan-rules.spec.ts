import { describe, expect, it } from '@jest/globals';

import { appetiteOf, monthlyCalls, rests } from './plan-rules.js';

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
    ['a name whose AAAA question rests, each day', 'domain', 1, 1, 31],
    ['a name of which nothing is known but that half rest, each day', 'domain', 0.5, 1, 45.5],
    ['a name whose AAAA question rests, each 60 days', 'domain', 1, 60, 1],
    ['a name with AAAA records, each 60 days', 'domain', 0, 60, 1],
  ] as const)('of %s', (...[, type, share, days, calls]) => {
    expect(monthlyCalls(appetiteOf(type, share), days * DAY)).toBeCloseTo(calls, 9);
  });
});

describe('rests', () => {
  it('holds of a whole history that never had anything', () => {
    expect(rests(HISTORY)).toBe(true);
    expect(rests({ ...HISTORY, complete: false })).toBe(false);
    expect(rests({ ...HISTORY, intervals: [INTERVAL] })).toBe(false);
    expect(rests({ ...HISTORY, withdrawn: [{ ...INTERVAL, withdrawnAt: 1 }] })).toBe(false);
  });
});
