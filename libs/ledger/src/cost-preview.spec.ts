import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Account } from './account.js';
import type { CostQuestion } from './cost-preview.js';
import { PLANNING_MONTH_MS, previewCost } from './cost-preview.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 22 days before the reset. */
const NOW = Date.parse('2026-03-10T00:00:00Z');
const RESETS_AT = Date.parse('2026-04-01T00:00:00Z');

function account(more: Partial<Account> = {}): Account {
  return {
    month: '2026-03',
    own: 0,
    upstreamUsed: null,
    allowed: 10_000,
    asOf: NOW,
    used: 0,
    limit: 10_000,
    remaining: 10_000,
    reserve: 2_000,
    resetsAt: RESETS_AT,
    callsPerDay: 0,
    observeCallsPerDay: 0,
    exhaustsAt: null,
    byList: new Map(),
    ...more,
  };
}

function question(more: Partial<CostQuestion> = {}): CostQuestion {
  return {
    firstFetchCalls: 200,
    callsPerRefresh: 200,
    intervalMs: DAY_MS,
    plannedPerMonth: 0,
    account: account(),
    now: NOW,
    minIntervalMs: HOUR_MS,
    maxIntervalMs: 90 * DAY_MS,
    ...more,
  };
}

describe('the calls of a batch', () => {
  it('are its first fetch, and a month of refreshes', () => {
    expect(previewCost(question({ callsPerRefresh: 150.5 }))).toMatchObject({
      firstFetchCalls: 200,
      callsPerMonth: 4_515,
    });
  });

  it('are nothing for an empty batch', () => {
    const empty = question({ firstFetchCalls: 0, callsPerRefresh: 0 });
    expect(previewCost(empty)).toEqual({
      firstFetchCalls: 0,
      callsPerMonth: 0,
      quotaExhaustsAt: null,
      affordableIntervalSeconds: 3_600,
    });
  });
});

describe('the end of the quota', () => {
  it('comes of the first fetch now, the plan so far, the analysts and the new refreshes', () => {
    const preview = previewCost(
      question({
        plannedPerMonth: 3_000,
        account: account({ remaining: 4_200, observeCallsPerDay: 50 }),
      }),
    );
    // 4,000 left at 100 + 50 + 200 a day.
    expect(preview.quotaExhaustsAt).toBe(NOW + Math.round((4_000 / 350) * DAY_MS));
  });

  it('does not come when it lasts until the reset', () => {
    expect(previewCost(question()).quotaExhaustsAt).toBeNull();
  });

  it('is now when the first fetch takes all that is left', () => {
    const preview = previewCost(question({ account: account({ remaining: 200 }) }));
    expect(preview.quotaExhaustsAt).toBe(NOW);
  });

  it('does not come when no limit is known', () => {
    const unknown = account({ limit: null, remaining: null, reserve: 0 });
    expect(previewCost(question({ account: unknown, plannedPerMonth: 1e9 }))).toMatchObject({
      quotaExhaustsAt: null,
      affordableIntervalSeconds: 3_600,
    });
  });
});

describe('the shortest affordable interval', () => {
  const seconds = (more: Partial<CostQuestion>) =>
    previewCost(question(more)).affordableIntervalSeconds;

  it('is what fits any whole month, when much is left of this one', () => {
    // 8,000 a month for 200 a time: 40 times in 30 days, every 18 hours.
    expect(seconds({})).toBe((18 * HOUR_MS) / 1_000);
  });

  it('is what fits the rest of this month, when less is left of it', () => {
    // 4,400 after the reserve and the first fetch: 22 times in 22 days.
    expect(seconds({ account: account({ remaining: 6_600 }) })).toBe(DAY_MS / 1_000);
  });

  it('leaves the plan and the analysts what they need', () => {
    // 8,000 less 2,400 and 30 × 40: 22 times a month. Of this one less is used.
    const busy = account({ observeCallsPerDay: 40 });
    const expected = Math.ceil(PLANNING_MONTH_MS / 22 / MINUTE_MS) * 60;
    expect(seconds({ account: busy, plannedPerMonth: 2_400 })).toBe(expected);
  });

  it('is not shorter than the shortest allowed, in whole minutes', () => {
    expect(seconds({ callsPerRefresh: 1, firstFetchCalls: 1 })).toBe(3_600);
    expect(seconds({ callsPerRefresh: 17.3 })! % 60).toBe(0);
  });

  it('is none when even the longest does not fit', () => {
    // A 90th of a month's plan: 200 calls in 90 days are 67 in 30.
    expect(seconds({ plannedPerMonth: 7_930 })).not.toBeNull();
    expect(seconds({ plannedPerMonth: 7_940 })).toBeNull();
  });

  it.each([
    ['nothing is left', { remaining: 0 }],
    ['the reserve alone is left', { remaining: 2_000 }],
    ['the first fetch would touch the reserve', { remaining: 2_199 }],
  ])('is none when %s', (_, left) => {
    expect(seconds({ account: account(left) })).toBeNull();
    expect(seconds({ account: account(left), callsPerRefresh: 0 })).toBeNull();
  });

  it('is none when the limit is nought', () => {
    expect(seconds({ account: account({ limit: 0, remaining: 0, reserve: 0 }) })).toBeNull();
  });

  it('in the last hour of a month asks of this month only what an hour needs', () => {
    const now = RESETS_AT - HOUR_MS;
    // 10 calls for an hour are 7,200 in a month: the longer of the two intervals is that of the hour.
    expect(seconds({ now, account: account({ remaining: 2_210 }) })).toBe(20 * 3_600);
    expect(seconds({ now, account: account({ remaining: 2_400 }) })).toBe(18 * 3_600);
  });

  it('at the reset itself asks nothing of the month that is over', () => {
    const now = RESETS_AT;
    expect(seconds({ now, account: account({ remaining: 2_200 }) })).toBe(18 * 3_600);
    expect(seconds({ now, account: account({ remaining: 2_199 }) })).toBeNull();
  });

  it('is kept by both this month and any other, and a minute less by one of them not', () => {
    fc.assert(
      fc.property(
        fc.record({
          firstFetchCalls: fc.nat(3_000),
          callsPerRefresh: fc.double({ min: 0.5, max: 5_000, noNaN: true }),
          plannedPerMonth: fc.double({ min: 0, max: 9_000, noNaN: true }),
          remaining: fc.nat(10_000),
          observeCallsPerDay: fc.nat(200),
          now: fc.integer({ min: NOW, max: RESETS_AT - MINUTE_MS }),
        }),
        ({ remaining, observeCallsPerDay, ...more }) => {
          const asked = question({ ...more, account: account({ remaining, observeCallsPerDay }) });
          const found = previewCost(asked).affordableIntervalSeconds;
          const longest = asked.maxIntervalMs;
          expect(fits(asked, found === null ? longest : found * 1_000)).toBe(found !== null);
          const shorter = found === null ? 0 : found * 1_000 - MINUTE_MS;
          expect(shorter >= asked.minIntervalMs && fits(asked, shorter)).toBe(false);
        },
      ),
    );
  });
});

/** The definition, by sums of calls. */
function fits(asked: CostQuestion, intervalMs: number): boolean {
  const { account: held, plannedPerMonth, callsPerRefresh, firstFetchCalls, now } = asked;
  const calls = (ms: number) =>
    (ms / PLANNING_MONTH_MS) * plannedPerMonth +
    (ms / DAY_MS) * held.observeCallsPerDay +
    (ms / intervalMs) * callsPerRefresh;
  const slack = 1e-6;
  return (
    firstFetchCalls + calls(held.resetsAt - now) <= held.remaining! - held.reserve + slack &&
    calls(PLANNING_MONTH_MS) <= held.limit! - held.reserve + slack
  );
}
