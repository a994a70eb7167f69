import { describe, expect, it } from '@jest/globals';

import type { RedisFacts } from './redis-facts.js';
import { cacheFindings, queueFindings } from './redis-findings.js';

const FACTS: RedisFacts = {
  version: '7.0.0',
  evictionPolicy: 'noeviction',
  memoryLimit: 0,
  appendOnly: true,
  snapshots: true,
  clockOffsetMs: 0,
};

const CACHE_FACTS = { ...FACTS, evictionPolicy: 'allkeys-lfu', memoryLimit: 1_000_000 };

describe('queueFindings', () => {
  const levels = (facts: Partial<RedisFacts>): string[] =>
    queueFindings({ facts: { ...FACTS, ...facts } }).map(({ level }) => level);

  it.each<[string, Partial<RedisFacts>, string[]]>([
    ['a durable Redis that evicts nothing', {}, ['ok', 'ok', 'ok']],
    ['one that evicts', { evictionPolicy: 'allkeys-lru' }, ['ok', 'FAIL', 'ok']],
    ['one with snapshots only', { appendOnly: false }, ['ok', 'ok', 'warn']],
    ['one that does not say', { appendOnly: false, snapshots: undefined }, ['ok', 'ok', 'warn']],
    ['one in memory only', { appendOnly: false, snapshots: false }, ['ok', 'ok', 'FAIL']],
  ])('judges %s', (_, facts, expected) => {
    expect(levels(facts)).toEqual(expected);
  });
});

describe('cacheFindings', () => {
  const levels = (facts: Partial<RedisFacts>): string[] =>
    cacheFindings({ facts: { ...CACHE_FACTS, ...facts } }, false).map(({ level }) => level);

  it.each<[string, Partial<RedisFacts>, string[]]>([
    ['one with a limit that evicts', {}, ['ok', 'ok']],
    ['one without a limit', { memoryLimit: 0 }, ['ok', 'warn']],
    ['one that stops taking writes', { evictionPolicy: 'noeviction' }, ['ok', 'warn']],
  ])('judges %s', (_, facts, expected) => {
    expect(levels(facts)).toEqual(expected);
  });

  it('advises against sharing the queue’s Redis', () => {
    expect(cacheFindings({ facts: FACTS }, true)).toMatchObject([
      { level: 'warn', remedy: 'give the cache a Redis of its own: CACHE_REDIS_URL' },
    ]);
  });

  it('says which variable names a Redis that is away', () => {
    const [finding] = cacheFindings({ away: 'connect ECONNREFUSED' }, false);
    expect(finding).toMatchObject({
      level: 'FAIL',
      remedy: 'start it, or correct CACHE_REDIS_URL',
    });
  });
});
