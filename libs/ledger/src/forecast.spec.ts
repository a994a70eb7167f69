import { describe, expect, it } from '@jest/globals';

import { exhaustsAt } from './forecast.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse('2026-03-10T12:00:00Z');
const resetsAt = Date.parse('2026-04-01T00:00:00Z');

describe('the end of a quota', () => {
  it.each([
    ['at the pace that is kept', { remaining: 50, callsPerDay: 10 }, NOW + 5 * DAY_MS],
    ['now when nothing is left', { remaining: 0, callsPerDay: 10 }, NOW],
    ['now when nothing is left, though nobody calls', { remaining: 0, callsPerDay: 0 }, NOW],
    ['now when more is used than there was', { remaining: -3, callsPerDay: 10 }, NOW],
    ['never when nobody calls', { remaining: 1, callsPerDay: 0 }, null],
    ['never when no limit is known', { remaining: null, callsPerDay: 1_000 }, null],
    ['not before it resets', { remaining: 1_000, callsPerDay: 10 }, null],
    ['not at the instant in which it resets', { remaining: 215, callsPerDay: 10 }, null],
    ['just before it resets', { remaining: 214, callsPerDay: 10 }, NOW + 21.4 * DAY_MS],
  ])('comes %s', (_, state, expected) => {
    expect(exhaustsAt({ ...state, now: NOW, resetsAt })).toBe(expected);
  });

  it('comes within the last hour of a month only when it is that near', () => {
    const now = resetsAt - HOUR_MS;
    expect(exhaustsAt({ remaining: 10, callsPerDay: 480, now, resetsAt })).toBe(now + HOUR_MS / 2);
    expect(exhaustsAt({ remaining: 10, callsPerDay: 240, now, resetsAt })).toBeNull();
  });
});
