import { describe, expect, it } from '@jest/globals';

import { provenanceText } from './provenance.js';
import type { Provenance } from './provenance.js';

const FROM_CACHE: Provenance = {
  fromCache: true,
  stale: false,
  ageMs: 3 * 3_600_000 + 59 * 60_000,
  pagesUsed: 1,
  pagesTotal: 5,
  upstreamCalls: 0,
};

describe('provenanceText', () => {
  it.each<[Partial<Provenance>, string]>([
    [{}, 'from cache, 3 h old, pages 1 of 5, 0 upstream calls'],
    [{ stale: true }, 'from cache, 3 h old, being refreshed, pages 1 of 5, 0 upstream calls'],
    [{ pagesUsed: 4 }, 'from cache, 3 h old, pages 1-4 of 5, 0 upstream calls'],
    [
      { fromCache: false, upstreamCalls: 1, ageMs: 0 },
      'from SecurityTrails, just now, pages 1 of 5, 1 upstream call',
    ],
    [
      { fromCache: false, upstreamCalls: 3, pagesUsed: 3, ageMs: 0 },
      'from SecurityTrails, just now, pages 1-3 of 5, 3 upstream calls',
    ],
    [
      { fromCache: false, upstreamCalls: 2, pagesUsed: 3 },
      'from cache and SecurityTrails, 3 h old, pages 1-3 of 5, 2 upstream calls',
    ],
  ])('of %j is "%s"', (rest, text) => {
    expect(provenanceText({ ...FROM_CACHE, ...rest })).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [999, '0 s'],
    [1_000, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [86_399_999, '23 h'],
    [86_400_000, '1 d'],
    [800 * 86_400_000, '800 d'],
  ])('says of %i ms that they are %s', (ageMs, age) => {
    expect(provenanceText({ ...FROM_CACHE, ageMs })).toContain(`from cache, ${age} old,`);
  });
});
