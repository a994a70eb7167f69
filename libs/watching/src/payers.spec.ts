import { describe, expect, it } from '@jest/globals';

import { payersOf } from './payers.js';

type Paying = Parameters<typeof payersOf>[0][number];

function list(id: string, more: Partial<Paying> = {}): Paying {
  const usual = { no: 1, priority: 'NORMAL', refreshIntervalSeconds: 86_400 } as const;
  return { id, ...usual, monthlyCallBudget: null, ...more };
}

function order(...lists: Paying[]): string[] {
  return payersOf(lists).map(({ watchlistId }) => watchlistId);
}

describe('payersOf', () => {
  it('lets the list pay first that wants it most urgently', () => {
    const lists = [
      list('low', { priority: 'LOW' }),
      list('high', { priority: 'HIGH' }),
      list('mid'),
    ];
    expect(order(...lists)).toEqual(['high', 'mid', 'low']);
  });

  it('lets of equally urgent ones the more frequent pay first, then the older', () => {
    const hourly = { refreshIntervalSeconds: 3_600 };
    const lists = [list('newer', { no: 3 }), list('older', { no: 2 }), list('often', hourly)];
    expect(order(...lists)).toEqual(['often', 'older', 'newer']);
  });

  it('takes budgets along and leaves what it was given alone', () => {
    const given = [list('b', { no: 2, monthlyCallBudget: 5 }), list('a')];
    expect(payersOf(given)).toEqual([
      { watchlistId: 'a', monthlyBudget: null },
      { watchlistId: 'b', monthlyBudget: 5 },
    ]);
    expect(given[0]?.id).toBe('b');
  });
});
