import { describe, expect, it } from '@jest/globals';

import type { Reading } from './standing.js';
import { believedUsed, limitOf, reachesReserve, reserveOf } from './standing.js';

function reading(more: Partial<Reading> = {}): Reading {
  return { at: 1, used: 10, allowed: 100, base: 5, seen: 5, ...more };
}

describe('what is believed to be used', () => {
  it.each([
    ['the own count when upstream was not read', { count: 7, reading: null }, 7],
    ['the own count when upstream did not say', { count: 7, reading: reading({ used: null }) }, 7],
    ["upstream's count and what came since", { count: 7, reading: reading() }, 12],
    ["upstream's count while nothing came", { count: 5, reading: reading() }, 10],
    ["upstream's count when the own fell behind it", { count: 2, reading: reading() }, 10],
    ['the own count when it is larger', { count: 30, reading: reading({ base: 30 }) }, 30],
  ])('is %s', (_, standing, expected) => {
    expect(believedUsed(standing)).toBe(expected);
  });
});

describe('the limit', () => {
  it.each([
    [null, null, null],
    [null, 100, 100],
    [50, null, 50],
    [50, 100, 50],
    [500, 100, 100],
    [0, 100, 0],
  ])('of a hard limit %p and an allowance %p is %p', (hardLimit, allowed, expected) => {
    const read = reading({ allowed });
    expect(limitOf({ hardLimit, reserve: 0.2 }, read)).toBe(expected);
  });
});

describe('the reserve', () => {
  it.each([
    [null, 0.2, 0],
    [10, 0.25, 3],
    [100, 0.07, 7],
    [100, 0, 0],
    [100, 1, 100],
    [1, 0.2, 1],
    [0, 0.2, 0],
  ])('of a limit %p by the share %p is %p', (limit, share, expected) => {
    expect(reserveOf(limit, share)).toBe(expected);
  });

  it('is reached by the call that would touch it', () => {
    const rules = { hardLimit: null, reserve: 0.2 };
    const at = (used: number) => reachesReserve({ count: 0, reading: reading({ used }) }, rules);
    expect([at(79), at(80), at(81)]).toEqual([false, true, true]);
    expect(reachesReserve({ count: 1e9, reading: null }, rules)).toBe(false);
  });
});
