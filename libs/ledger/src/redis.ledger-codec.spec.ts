import { describe, expect, it } from '@jest/globals';

import { booksFrom, dayLineFrom, observableLinesFrom, refusedFrom } from './redis.ledger-codec.js';

const DAY = '2026-03-10';

describe('what Redis holds of the ledger', () => {
  it('is a line of a day', () => {
    expect(dayLineFrom(DAY, 'REFRESH|one|history/a|failed', 3)).toEqual({
      day: DAY,
      cause: 'REFRESH',
      watchlistId: 'one',
      endpoint: 'history/a',
      result: 'failed',
      calls: 3,
    });
  });

  it('is a line of no list, of an endpoint with a bar in its name', () => {
    const line = dayLineFrom(DAY, 'OBSERVE||ips|list|answered', 1);
    expect(line).toMatchObject({ watchlistId: null, endpoint: 'ips|list', result: 'answered' });
  });

  it('keeps its sum when a line cannot be told', () => {
    const line = dayLineFrom(DAY, 'NEWER|one|ping|better', 2);
    expect(line).toMatchObject({ cause: 'HEALTH', result: 'unknown', calls: 2 });
  });

  it('is calls and failed calls by observable', () => {
    const hash = new Map([
      ['ipv6:2001:db8::1', 4],
      ['!ipv6:2001:db8::1', 1],
      ['-', 2],
    ]);
    expect(observableLinesFrom(DAY, hash)).toEqual([
      { day: DAY, about: 'ipv6:2001:db8::1', calls: 4, failed: 1 },
      { day: DAY, about: '-', calls: 2, failed: 0 },
    ]);
  });

  it('is nothing for a month without calls', () => {
    expect(booksFrom({}, {})).toEqual({
      standing: { generation: '', count: 0, reading: null },
      own: 0,
      byList: new Map(),
      calls: new Map(),
      observeCalls: new Map(),
    });
  });

  it('takes no other word for a refusal', () => {
    expect([refusedFrom(''), refusedFrom('reserve')]).toEqual([null, 'reserve']);
  });
});
