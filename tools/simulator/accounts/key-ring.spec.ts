import { describe, expect, it } from '@jest/globals';

import { KeyRing } from './key-ring.js';

function ringAt(start: string, acceptAnyKey = false) {
  const time = { now: Date.parse(start) };
  return { time, ring: new KeyRing(() => time.now, acceptAnyKey) };
}

describe('KeyRing', () => {
  it('knows only the keys it was given', () => {
    const { ring } = ringAt('2026-01-01T00:00:00Z');
    ring.set('one', {});
    expect(ring.admit('one')).toBe('admitted');
    expect(ring.admit('two')).toBe('unknown-key');
    ring.set('one', null);
    expect(ring.admit('one')).toBe('unknown-key');
  });

  it('opens an account for any key but none when told to', () => {
    const { ring } = ringAt('2026-01-01T00:00:00Z', true);
    expect(ring.admit('any')).toBe('admitted');
    expect(ring.admit('')).toBe('unknown-key');
    expect(ring.usage('any')).toMatchObject({ used: 1, monthly: 100_000 });
  });

  it('throttles within a second and lets go in the next; throttled calls cost nothing', () => {
    const { ring, time } = ringAt('2026-01-01T00:00:00.100Z');
    ring.set('k', { perSecond: 2 });
    expect([1, 2, 3].map(() => ring.admit('k'))).toEqual(['admitted', 'admitted', 'throttled']);
    time.now += 900;
    expect(ring.admit('k')).toBe('admitted');
    expect(ring.usage('k')?.used).toBe(3);
  });

  it('ends with the quota and begins anew in the next month', () => {
    const { ring, time } = ringAt('2026-01-31T23:59:59Z');
    ring.set('k', { monthly: 5, used: 4 });
    expect([1, 2].map(() => ring.admit('k'))).toEqual(['admitted', 'quota-used-up']);
    time.now += 1000;
    expect(ring.usage('k')?.used).toBe(0);
    expect(ring.admit('k')).toBe('admitted');
  });

  it('keeps what a change of limits leaves out', () => {
    const { ring } = ringAt('2026-01-01T00:00:00Z');
    ring.set('k', { perSecond: 1, monthly: 10, used: 3 });
    ring.set('k', { monthly: 20 });
    expect(ring.usage('k')).toMatchObject({ used: 3, monthly: 20, perSecond: 1 });
  });
});
