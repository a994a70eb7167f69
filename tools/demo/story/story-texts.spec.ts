import { describe, expect, it } from '@jest/globals';

import type { Change } from '#changes';

import type { DemoPlan } from '../demo-plan.js';

import {
  changeLines,
  commandLines,
  fetchedLine,
  lateChangeLines,
  ledgerLines,
  quotaLine,
} from './story-texts.js';

const AT = Date.parse('2026-01-31T10:05:07.891Z');
const MOVED: Change = {
  id: 'ch_1',
  observable: { type: 'domain', value: 'shop.example.com' },
  recordType: 'A',
  kind: 'ADDED',
  value: '192.0.2.1',
  firstSeen: '2026-02-01',
  lastSeen: null,
  detectedAt: AT,
  watchlists: [],
};
const POINTED: Change = {
  ...MOVED,
  observable: { type: 'ip', value: '192.0.2.7' },
  kind: 'ENDED',
  value: 'blog.example.com',
  firstSeen: null,
};
const PLAN: DemoPlan = {
  host: '127.0.0.1',
  ports: { relay: 1001, worker: 1002, redis: 1003, simulator: 1004 },
  folder: '.demo',
  secret: 'a-secret-of-the-demo',
  tag: 'x1',
};

describe('changeLines', () => {
  it('tells when it was true and when it was learned', () => {
    expect(changeLines([MOVED, POINTED])).toEqual([
      'KIND   OBSERVABLE        VALUE             WHEN IT WAS TRUE   WHEN WE LEARNED',
      'ADDED  shop.example.com  192.0.2.1         2026-02-01 to now  2026-01-31 10:05:07Z',
      'ENDED  192.0.2.7         blog.example.com  no days told       2026-01-31 10:05:07Z',
    ]);
  });

  it('needs no headings later on', () => {
    expect(lateChangeLines([MOVED])).toHaveLength(1);
    expect(lateChangeLines([])).toEqual([]);
  });
});

describe('fetchedLine', () => {
  it('counts', () => {
    expect(fetchedLine(MOVED.observable, { done: 1, total: 4 })).toBe('1 of 4  shop.example.com');
  });
});

describe('ledgerLines', () => {
  it('adds up', () => {
    const row = { cause: null, watchlistId: null, failed: 0 };
    const lines = ledgerLines([
      { ...row, key: 'FIRST_FETCH', calls: 7 },
      { ...row, key: 'REFRESH', calls: 1 },
    ]);
    expect(lines).toEqual([
      'CAUSE        CALLS',
      'FIRST_FETCH      7',
      'REFRESH          1',
      '8 calls this month, each booked before it was made',
    ]);
  });
});

describe('quotaLine', () => {
  const account = {
    month: '2026-01',
    own: 8,
    upstreamUsed: 7,
    allowed: 100,
    asOf: AT,
    used: 8,
    limit: 100,
    remaining: 92,
    reserve: 20,
    resetsAt: Date.parse('2026-02-01T00:00:00Z'),
    callsPerDay: 8,
    observeCallsPerDay: 2,
    exhaustsAt: null,
    byList: new Map<string, number>(),
  };

  it('says where the month stands', () => {
    expect(quotaLine(account)).toBe(
      'quota: 8 of 100 used, 20 kept for analysts; ends at this pace: not before it resets (2026-02-01T00:00Z)',
    );
  });

  it('says when it would end', () => {
    expect(quotaLine({ ...account, exhaustsAt: AT })).toContain(
      'at this pace: 2026-01-31T10:05Z (',
    );
  });
});

describe('commandLines', () => {
  it('brings the environment that only the demo knows', () => {
    expect(commandLines(PLAN)[1]).toBe(
      'REDIS_URL=redis://127.0.0.1:1003 SECURITYTRAILS_API_KEY=demo-key npm run --silent cli -- watch',
    );
  });

  it('shows nothing of a Redis that was given, for its URL may hold a password', () => {
    const redisUrl = 'redis://:a-password@192.0.2.5:6379';
    expect(commandLines({ ...PLAN, redisUrl }).join('\n')).not.toMatch(/REDIS_URL|a-password/);
  });
});
