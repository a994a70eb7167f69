import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { chooseClaims } from './claim-order.js';
import type { Candidate } from './claim-order.js';
import { PRIORITIES } from './watchlist.js';
import type { Priority } from './watchlist.js';

function many(count: number, priority: Priority, first = false): Candidate[] {
  return Array.from({ length: count }, (_, dueAt) => ({
    key: `d:${priority}${first ? 'first' : ''}${dueAt}.example.com`.toLowerCase(),
    priority,
    first,
    dueAt,
  }));
}

function share(chosen: readonly Candidate[], priority: Priority): number {
  return chosen.filter((one) => one.priority === priority).length;
}

describe('the choice of claims', () => {
  it('goes from high to low, the first fetch before the refresh, the longest due first', () => {
    const all = [
      ...many(2, 'LOW'),
      ...many(1, 'NORMAL'),
      ...many(2, 'HIGH'),
      ...many(1, 'HIGH', true),
    ];
    expect(chooseClaims(all, 10, 0).map(({ key }) => key.slice(2, -12))).toEqual([
      'highfirst0',
      'high0',
      'high1',
      'normal0',
      'low0',
      'low1',
    ]);
  });

  it('gives most turns to the high ones and never none to the low ones', () => {
    const all = [...many(500, 'HIGH'), ...many(500, 'NORMAL'), ...many(500, 'LOW')];
    const chosen = chooseClaims(all, 210, 0);
    expect(share(chosen, 'LOW')).toBeGreaterThanOrEqual(10);
    expect(share(chosen, 'NORMAL')).toBeGreaterThan(share(chosen, 'LOW'));
    expect(share(chosen, 'HIGH')).toBeGreaterThan(2 * share(chosen, 'NORMAL'));
  });

  it('lets low refreshes move under endless first fetches of high lists, even one claim at a time', () => {
    const all = [...many(100, 'HIGH', true), ...many(3, 'LOW')];
    const chosen = Array.from({ length: 42 }, (_, turn) => chooseClaims(all, 1, turn)).flat();
    expect(share(chosen, 'LOW')).toBe(2);
  });

  it('takes an observable that several lists offer once, for the highest of them', () => {
    const [one] = many(1, 'LOW');
    const all = one ? [one, { ...one, priority: 'HIGH' as const }, one] : [];
    expect(chooseClaims(all, 5, 0)).toEqual([{ ...one, priority: 'HIGH' }]);
  });

  it('takes no more of a lane than its cap, the longest due first', () => {
    const all = [...many(3, 'HIGH'), ...many(3, 'LOW'), ...many(2, 'LOW', true)];
    const chosen = chooseClaims(all, 10, 0, { LOW: 1, 'LOW first': 0 });
    expect(chosen.map(({ key }) => key.slice(2, -12))).toEqual(['high0', 'high1', 'high2', 'low0']);
  });

  it('does not hold up what came due before', () => {
    const all = [
      ...many(2, 'LOW'),
      ...many(4, 'LOW')
        .slice(2)
        .map((one) => ({ ...one, again: true })),
    ];
    const chosen = chooseClaims(all, 10, 0, { LOW: 1 });
    expect(chosen.map(({ key }) => key.slice(2, -12))).toEqual(['low0', 'low2', 'low3']);
  });

  it('counts an observable on a capped and on a free list as the latter’s', () => {
    const [one] = many(1, 'LOW');
    const all = one ? [one, { ...one, priority: 'HIGH' as const }] : [];
    expect(chooseClaims(all, 5, 0, { LOW: 0 })).toHaveLength(1);
  });

  it('takes as many as it may and there are, each once', () => {
    const candidate = fc.record({
      key: fc.nat(50).map((index) => `d:${index}.example.com`),
      priority: fc.constantFrom(...PRIORITIES),
      first: fc.boolean(),
      dueAt: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(candidate), fc.nat(60), fc.nat(1_000), (all, limit, turn) => {
        const keys = chooseClaims(all, limit, turn).map(({ key }) => key);
        const distinct = new Set(all.map(({ key }) => key)).size;
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toHaveLength(Math.min(limit, distinct));
      }),
    );
  });
});
