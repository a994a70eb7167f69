import { describe, expect, it } from '@jest/globals';

import { clockFinding, jwksFindings } from './trust-findings.js';

describe('clockFinding', () => {
  it.each([
    [900, 'ok', '0.9 s behind Redis'],
    [-1_500, 'ok', '1.5 s ahead of Redis'],
    [5_000, 'warn', '5.0 s behind Redis'],
    [-60_000, 'FAIL', '60.0 s ahead of Redis'],
  ])('judges a difference of %i ms', (offsetMs, level, text) => {
    expect(clockFinding([{ of: 'Redis', offsetMs }])).toMatchObject({ level, text });
  });

  it('reports the clock that differs most', () => {
    const clocks = [
      { of: 'a', offsetMs: 10 },
      { of: 'b', offsetMs: -90_000 },
      { of: 'c', offsetMs: 3_000 },
    ];
    expect(clockFinding(clocks).text).toBe('90.0 s ahead of b');
  });

  it('compares nothing with nobody', () => {
    expect(clockFinding([]).level).toBe('skip');
  });
});

describe('jwksFindings', () => {
  it('has nothing to ask when RS256 is off', () => {
    expect(jwksFindings([])).toMatchObject([{ level: 'skip' }]);
  });
});
