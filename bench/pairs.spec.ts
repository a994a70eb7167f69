import { describe, expect, it } from '@jest/globals';

import type { LoadFigures } from './load-order.js';
import { interleave, median, ratios } from './pairs.js';

function figures(perSecond: number): LoadFigures {
  return {
    requests: 1,
    failures: 0,
    perSecond,
    p50: 1,
    p99: 1,
    cpuMicros: 1,
    serverBusy: 1,
    generatorBusy: 0,
    memory: 1,
  };
}

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[], Number.NaN],
  ])('of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

describe('interleave', () => {
  it('measures the sides in turn and compares neighbours', async () => {
    const order: string[] = [];
    const measure = (name: string, values: number[]) => () => {
      order.push(name);
      return Promise.resolve(figures(values.shift() ?? 0));
    };
    const pairs = await interleave(2, measure('ours', [10, 30]), measure('theirs', [20, 10]));
    expect(order).toEqual(['ours', 'theirs', 'ours', 'theirs']);
    expect(ratios(pairs, (one) => one.perSecond)).toEqual([0.5, 3]);
  });
});
