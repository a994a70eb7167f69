import { describe, expect, it } from '@jest/globals';

import { BACK_OFF_MS, MOST_RETRY_AFTER_MS, waitAfter } from './back-off.js';

const HOUR = 3_600_000;

describe('waitAfter', () => {
  it('goes on for two days, each wait longer than the one before', () => {
    const total = BACK_OFF_MS.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeGreaterThan(47 * HOUR);
    expect(total).toBeLessThan(49 * HOUR);
    expect(BACK_OFF_MS.toSorted((one, other) => one - other)).toEqual(BACK_OFF_MS);
  });

  it.each([
    [1, 0, 4_500],
    [1, 0.5, 5_000],
    [1, 1, 5_500],
    [9, 0, 14.4 * HOUR],
    [10, 0.5, undefined],
  ])('waits after try %d at random %d for %d ms', (tries, random, wait) => {
    expect(waitAfter({ tries, retryAfterMs: null }, random)).toBe(wait);
  });

  it('heeds what the receiver asks for, within half a day, never to hurry', () => {
    expect(waitAfter({ tries: 1, retryAfterMs: 60_000 }, 0)).toBe(60_000);
    expect(waitAfter({ tries: 1, retryAfterMs: 1e12 }, 0)).toBe(MOST_RETRY_AFTER_MS);
    expect(waitAfter({ tries: 3, retryAfterMs: 1_000 }, 0.5)).toBe(300_000);
  });
});
