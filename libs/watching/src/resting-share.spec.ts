import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { measuredShare, shareInBatch } from './resting-share.js';

function seen(holding: number, others: number, weight = 1) {
  return Array.from({ length: holding + others }, (_, index) => ({
    holds: index < holding,
    weight,
  }));
}

describe('a measured share', () => {
  it('of nothing may be anything, and counts as none', () => {
    expect(measuredShare([])).toEqual({ likely: 0, least: 0, most: 1, measuredBy: 0 });
  });

  it('has the bounds of Wilson’s interval', () => {
    // Of 7 in 10: 39.7 % to 89.2 %, as tables have it.
    const { likely, least, most } = measuredShare(seen(7, 3));
    expect(likely).toBeCloseTo(0.7, 9);
    expect(least).toBeCloseTo(0.397, 3);
    expect(most).toBeCloseTo(0.892, 3);
  });

  it('is not certain because all of a few are alike', () => {
    expect(measuredShare(seen(3, 0)).least).toBeLessThan(0.5);
    expect(measuredShare(seen(0, 3)).most).toBeGreaterThan(0.5);
  });

  it('counts each by its weight, and is the less sure the more weights differ', () => {
    const share = measuredShare([...seen(10, 0, 9), ...seen(0, 10, 1)]);
    expect(share.likely).toBeCloseTo(0.9, 9);
    expect(share.measuredBy).toBeCloseTo(10_000 / 820, 9);
    expect(measuredShare(seen(10, 10, 7)).measuredBy).toBeCloseTo(20, 9);
  });

  it('lies within its bounds, which many samples bring together', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (holding, others) => {
        const few = measuredShare(seen(holding, others));
        const many = measuredShare(seen(holding * 10, others * 10));
        expect(few.least).toBeLessThanOrEqual(few.likely + 1e-9);
        expect(few.most).toBeGreaterThanOrEqual(few.likely - 1e-9);
        expect(many.most - many.least).toBeLessThanOrEqual(few.most - few.least);
      }),
    );
  });
});

describe('the share in a batch', () => {
  const share = measuredShare(seen(70, 30));

  it('is less sure than that of those measured, the more so the fewer it has', () => {
    const width = (size: number) => {
      const { least, most } = shareInBatch(share, size);
      return most - least;
    };
    expect(width(10)).toBeGreaterThan(width(1_000));
    expect(width(1_000)).toBeGreaterThan(share.most - share.least);
    expect(shareInBatch(share, 10).likely).toBe(share.likely);
  });

  it('stays unknown where nothing was measured', () => {
    expect(shareInBatch(measuredShare([]), 50)).toMatchObject({ least: 0, most: 1, measuredBy: 0 });
  });
});
