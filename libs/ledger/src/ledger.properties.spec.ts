import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ledgerStories, tellLedgerStory } from '../../../test/support/ledger-story.js';
import type { LedgerEnding } from '../../../test/support/ledger-story.js';
import { MemoryLedgerStore } from './memory.ledger-store.js';

function sums({ rows }: LedgerEnding, of: 'calls' | 'failed'): readonly number[] {
  return rows.map((group) => group.reduce((sum, row) => sum + row[of], 0));
}

describe('whatever happens', () => {
  it('all groupings sum up to the calls that were booked', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerStories, async (story) => {
        const ending = await tellLedgerStory(new MemoryLedgerStore(), story, {
          interactiveReserve: 0.2,
        });
        expect(sums(ending, 'calls')).toEqual(Array(5).fill(ending.booked));
        expect(new Set(sums(ending, 'failed')).size).toBe(1);
      }),
    );
  });

  it('no month goes beyond the hard limit', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerStories, fc.nat(12), async (story, hardMonthlyLimit) => {
        const limits = { hardMonthlyLimit, interactiveReserve: 0.2 };
        const ending = await tellLedgerStory(new MemoryLedgerStore(), story, limits);
        const months = new Map<string, number>();
        for (const { key, calls } of ending.rows.at(-1) ?? []) {
          const month = key.slice(0, 7);
          months.set(month, (months.get(month) ?? 0) + calls);
        }
        expect(Math.max(0, ...months.values())).toBeLessThanOrEqual(hardMonthlyLimit);
      }),
    );
  });

  it('what the lists paid is what is booked to them', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerStories, async (story) => {
        const limits = { interactiveReserve: 0 };
        const ending = await tellLedgerStory(new MemoryLedgerStore(), story, limits);
        const paid = (list: string) =>
          ending.outcomes.filter((outcome) => outcome === `booked for ${list}`).length;
        for (const { watchlistId, calls } of ending.rows[1] ?? []) {
          expect(calls).toBe(paid(watchlistId ?? 'nobody'));
        }
      }),
    );
  });
});
