import { describe, expect, it } from '@jest/globals';

import type { Membership } from './entry.js';
import { DEFAULT_TUNING, effectiveRule, firstDue, refreshDue, retryDue } from './schedule.js';
import type { ListRule } from './schedule.js';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;

function rule(no: number, over: Partial<ListRule> = {}): [number, ListRule] {
  const id = `wl_000000000000000${no}`;
  return [no, { no, id, enabled: true, priority: 'NORMAL', intervalMs: 24 * HOUR, ...over }];
}

function place(over: Partial<Membership> = {}): Membership {
  return { note: null, addedAt: 0, addedBy: 'a', expiresAt: null, paused: false, ...over };
}

describe('the rule for an observable on several lists', () => {
  const rules = new Map([
    rule(1, { priority: 'LOW', intervalMs: HOUR }),
    rule(2, { priority: 'HIGH' }),
    rule(3, { priority: 'NORMAL', intervalMs: 2 * HOUR }),
  ]);

  it('has the shortest interval and the highest priority', () => {
    const on = new Map([1, 2, 3].map((no) => [no, place()]));
    expect(effectiveRule(on, rules, NOW)).toEqual({ intervalMs: HOUR, priority: 'HIGH' });
  });

  it('leaves out lists that are disabled or gone, and places that are paused or expired', () => {
    const on = new Map([
      [1, place({ paused: true })],
      [2, place({ expiresAt: NOW })],
      [3, place()],
      [4, place()],
      [5, place()],
    ]);
    const more = new Map([...rules, rule(4, { enabled: false, intervalMs: 1 })]);
    expect(effectiveRule(on, more, NOW)).toEqual({ intervalMs: 2 * HOUR, priority: 'NORMAL' });
  });

  it('is none where nobody wants it', () => {
    expect(effectiveRule(new Map([[9, place()]]), rules, NOW)).toBeUndefined();
    expect(effectiveRule(new Map(), rules, NOW)).toBeUndefined();
  });
});

describe('due times', () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `d:host${index}.example.com`);

  it('of 10,000 observables added at one moment are spread', () => {
    const batch = { addedAt: NOW, size: keys.length, intervalMs: 24 * HOUR };
    const times = keys.map((key) => firstDue(key, batch, DEFAULT_TUNING) - NOW);
    const window = keys.length * DEFAULT_TUNING.firstFetchGapMs;
    expect(busiest(times, window / 10)).toBeLessThan(1_200);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThan(window);
  });

  it('of a few that are added come at once, and never later than one interval', () => {
    const few = { addedAt: NOW, size: 5, intervalMs: 24 * HOUR };
    const many = { addedAt: NOW, size: 10_000_000, intervalMs: HOUR };
    for (const key of keys.slice(0, 100)) {
      expect(firstDue(key, few, DEFAULT_TUNING)).toBeLessThan(NOW + 2_500);
      expect(firstDue(key, many, DEFAULT_TUNING)).toBeLessThan(NOW + HOUR);
    }
  });

  it('of observables refreshed at one moment part, while the mean stays the interval', () => {
    const times = keys.map((key) => refreshDue(key, NOW, HOUR, DEFAULT_TUNING) - NOW);
    expect(busiest(times, HOUR / 100)).toBeLessThan(1_200);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0.95 * HOUR);
    expect(Math.max(...times)).toBeLessThanOrEqual(1.05 * HOUR);
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    expect(mean / HOUR).toBeCloseTo(1, 2);
  });

  it('are the same for the same facts', () => {
    const [key = ''] = keys;
    const once = refreshDue(key, NOW, HOUR, DEFAULT_TUNING);
    expect(refreshDue(key, NOW, HOUR, DEFAULT_TUNING)).toBe(once);
    expect(refreshDue(key, NOW + 1, HOUR, DEFAULT_TUNING)).not.toBe(once + 1);
  });

  it('of failures are ever further apart, up to a limit', () => {
    const waits = [1, 2, 3, 4, 40].map(
      (failures) => retryDue('d:example.com', NOW, failures, DEFAULT_TUNING) - NOW,
    );
    expect(waits.slice(0, 4)).toEqual([...waits.slice(0, 4)].sort((a, b) => a - b));
    expect(waits[0]).toBeGreaterThanOrEqual(DEFAULT_TUNING.retryMs / 2);
    expect(waits[4]).toBeLessThanOrEqual(DEFAULT_TUNING.maxRetryMs);
    expect(waits[4]).toBeGreaterThanOrEqual(DEFAULT_TUNING.maxRetryMs / 2);
  });
});

/** How many fall into the fullest stretch of time. */
function busiest(times: readonly number[], stretch: number): number {
  const counts = new Map<number, number>();
  for (const time of times) {
    const bin = Math.floor(time / stretch);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}
