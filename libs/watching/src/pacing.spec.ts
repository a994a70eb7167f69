import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { callsNow, pacingOf } from './pacing.js';
import type { CallsByPriority, PacingQuestion } from './pacing.js';

const DAY = 86_400_000;
const START = Date.parse('2027-04-01T00:00:00Z');
const NOTHING = { HIGH: 0, NORMAL: 0, LOW: 0 };
/** A month of 30 days at its beginning: 100 + 200 + 300 calls a day. */
const PLANNED = { HIGH: 3_000, NORMAL: 6_000, LOW: 9_000 };

function question(more: Partial<PacingQuestion> = {}): PacingQuestion {
  return {
    planned: PLANNED,
    overdue: 0,
    madeToday: NOTHING,
    left: 18_000,
    analystsPerDay: 0,
    now: START,
    dayStart: START,
    resetsAt: START + 30 * DAY,
    ...more,
  };
}

function perDay(more: Partial<PacingQuestion>): CallsByPriority {
  return pacingOf(question(more)).callsPerDay;
}

describe('pacing', () => {
  it('holds nothing back while what is left holds the plan', () => {
    expect(pacingOf(question())).toEqual({
      isShort: false,
      callsPerDay: { HIGH: Infinity, NORMAL: Infinity, LOW: Infinity },
    });
  });

  it('counts what is overdue and what analysts will need', () => {
    expect(pacingOf(question({ overdue: 1 })).isShort).toBe(true);
    expect(pacingOf(question({ analystsPerDay: 1 })).isShort).toBe(true);
    expect(pacingOf(question({ left: 18_031, analystsPerDay: 1, overdue: 1 })).isShort).toBe(false);
  });

  it('lets LOW wait first', () => {
    // 105 for HIGH and 200 for NORMAL leave 95 of 400.
    const { HIGH, NORMAL, LOW } = perDay({ left: 12_000 });
    expect([HIGH, NORMAL]).toEqual([Infinity, 200]);
    expect(LOW).toBeCloseTo(95);
  });

  it('lets NORMAL wait next, and LOW for long, not for ever', () => {
    const { HIGH, NORMAL, LOW } = perDay({ left: 30 * 205 });
    expect(HIGH).toBe(Infinity);
    expect([NORMAL, LOW].map(Math.round)).toEqual([90, 10]);
  });

  it('gives all there is to HIGH, in even shares, when not even its plan fits', () => {
    expect(perDay({ left: 2_400 })).toEqual({ HIGH: 80, NORMAL: 0, LOW: 0 });
    expect(perDay({ left: -5 })).toEqual(NOTHING);
  });

  it('does not hold HIGH up for what analysts may need', () => {
    const { HIGH, NORMAL, LOW } = perDay({ left: 4_500, analystsPerDay: 100 });
    expect([HIGH, NORMAL, LOW]).toEqual([Infinity, 0, 0]);
  });

  it('does not change a day’s share by what is used of it', () => {
    const now = START + DAY / 2;
    const used = { madeToday: { HIGH: 50, NORMAL: 100, LOW: 40 }, left: 12_000 - 190, now };
    const [morning, noon] = [perDay({ left: 12_000 }), perDay(used)];
    expect([noon.NORMAL, noon.LOW]).toEqual([morning.NORMAL, morning.LOW]);
  });

  it('gives out a day’s share as the day goes on', () => {
    const now = START + DAY / 4;
    const asked = question({ left: 12_000 - 30, madeToday: { ...NOTHING, NORMAL: 30 }, now });
    const calls = callsNow(pacingOf(asked), asked);
    expect(calls).toMatchObject({ HIGH: Infinity, NORMAL: 20 });
    expect(calls.LOW).toBeCloseTo(95 / 4);
  });

  it('gives nothing back for what was made beyond the share', () => {
    const asked = question({ left: 9_000, madeToday: { HIGH: 0, NORMAL: 3_000, LOW: 0 } });
    expect(callsNow(pacingOf(asked), asked).NORMAL).toBe(0);
  });

  it('never gives out more than is left for the others beside HIGH', () => {
    const calls = fc.nat(50_000);
    const byPriority = fc.record({ HIGH: calls, NORMAL: calls, LOW: calls });
    fc.assert(
      fc.property(
        byPriority,
        fc.nat(100_000),
        fc.integer({ min: 1, max: 30 }),
        (planned, left, days) => {
          const asked = question({ planned, left, resetsAt: START + days * DAY });
          const { isShort, callsPerDay } = pacingOf(asked);
          const { NORMAL, LOW } = callsPerDay;
          const spare = left - (planned.HIGH * days) / 30;
          expect(!isShort || (NORMAL + LOW) * days <= Math.max(0, spare) + 1e-6).toBe(true);
        },
      ),
    );
  });
});
