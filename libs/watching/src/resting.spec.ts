import { describe, expect, it } from '@jest/globals';

import type { KnownHistory, KnownInterval } from '#changes';

import { isResting } from './resting.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T10:00:00Z');
const INTERVAL: KnownInterval = {
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

/** Looked at twice without a result, the last time a day ago. */
function known(more: Partial<KnownHistory> = {}): KnownHistory {
  const times = { baselineAt: NOW - 2 * DAY, lookedAt: NOW - DAY };
  return { ...times, complete: true, current: [], intervals: [], withdrawn: [], ...more };
}

describe('isResting', () => {
  it('leaves a record alone that was empty twice, for 30 days after the last look', () => {
    expect(isResting(known(), NOW)).toBe(true);
    expect(isResting(known(), NOW + 29 * DAY - 1)).toBe(true);
    expect(isResting(known(), NOW + 29 * DAY)).toBe(false);
  });

  it.each<[string, KnownHistory | undefined]>([
    ['is not known', undefined],
    ['was looked at once', known({ baselineAt: NOW - DAY })],
    ['has something', known({ intervals: [INTERVAL] })],
    ['had something', known({ withdrawn: [INTERVAL] })],
    ['was read in part', known({ complete: false })],
  ])('does not when the record %s', (_, history) => {
    expect(isResting(history, NOW)).toBe(false);
  });
});
