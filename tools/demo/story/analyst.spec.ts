import { describe, expect, it } from '@jest/globals';

import { freshness } from './analyst.js';

describe('freshness', () => {
  it.each([
    ['10', 10],
    ['1', 1],
    ['30', 30],
    ['0', undefined],
    ['21600', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('of %s is waited for: %s', (given, expected) => {
    const env = given === undefined ? {} : { CACHE_FRESH_SECONDS: given };
    expect(freshness(env)).toBe(expected);
  });
});
