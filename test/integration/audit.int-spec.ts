import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { eventually } from '../support/eventually.js';
import { dumpRedis } from '../support/redis-dump.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import { auditCursor, AuditLog, DEFAULT_RETENTION, RedisAuditStore } from '#audit';
import type { AuditDraft, AuditQuery, AuditRetention } from '#audit';

const DAY = 86_400_000;
const DRAFT: AuditDraft = {
  actor: 'operator@example.com',
  role: 'OPERATOR',
  action: 'createWatchlist',
  target: 'watchlist:wl_1',
  fields: ['input.name'],
};
let server: RedisServer;
let redis: Redis;
let now: number;
let troubles: string[];
let log: AuditLog;

beforeAll(async () => {
  server = await startRedis();
});

beforeEach(async () => {
  redis = new Redis(server.url, { commandTimeout: 300, maxRetriesPerRequest: 0 });
  // Losing the connection is what some of the tests are about.
  redis.on('error', () => undefined);
  await redis.flushall();
  now = Date.parse('2026-11-22T10:00:00Z');
  troubles = [];
  log = open();
});

afterEach(() => {
  redis.disconnect();
});

afterAll(async () => {
  await server.stop();
});

function open(retention: Partial<AuditRetention> = {}, mostPending = 1_000): AuditLog {
  return new AuditLog({
    store: new RedisAuditStore(redis, { ...DEFAULT_RETENTION, ...retention }),
    clock: () => now,
    newId: () => randomBytes(12).toString('base64url'),
    onTrouble: (trouble) => troubles.push(trouble),
    mostPending,
  });
}

async function did(over: Partial<AuditDraft> = {}, into = log): Promise<void> {
  now += 1;
  await into.guarded(
    { ...DRAFT, ...over },
    () => Promise.resolve(),
    () => 'done',
  );
}

async function pageOf(query: Partial<AuditQuery> = {}) {
  return log.page({ first: 100, ...query });
}

async function targets(query: Partial<AuditQuery> = {}, of = log): Promise<string[]> {
  const { events } = await of.page({ first: 100, ...query });
  return events.map(({ target }) => target);
}

describe('what changes something', () => {
  it('is in the log before it is done, and its end after', async () => {
    const seen = await log.guarded(
      DRAFT,
      () => pageOf(),
      () => 'done',
    );
    expect(seen.events).toMatchObject([{ result: 'unknown', target: 'watchlist:wl_1' }]);
    const { events } = await pageOf();
    expect(events).toMatchObject([
      {
        at: now,
        actor: 'operator@example.com',
        role: 'OPERATOR',
        action: 'createWatchlist',
        result: 'done',
        detail: 'input.name',
      },
    ]);
    await expect(log.find(events[0]?.id ?? '')).resolves.toEqual(events[0]);
  });

  it('is told as refused or failed when it was', async () => {
    await log.guarded(
      DRAFT,
      () => Promise.resolve(),
      () => 'refused',
    );
    now += 1;
    const broken = log.guarded(
      DRAFT,
      () => Promise.reject(new Error('broken')),
      () => 'done',
    );
    await expect(broken).rejects.toThrow('broken');
    const { events } = await pageOf();
    expect(events.map(({ result }) => result)).toEqual(['failed', 'refused']);
  });

  it('is not done when it cannot be written down', async () => {
    server.freeze();
    let done = false;
    const work = () => {
      done = true;
      return Promise.resolve();
    };
    try {
      await expect(log.guarded(DRAFT, work, () => 'done')).rejects.toMatchObject({
        code: 'unwritable',
      });
    } finally {
      server.thaw();
    }
    expect(done).toBe(false);
    expect(troubles).toEqual(['lost']);
  });

  it('keeps its outcome when only its end cannot be written', async () => {
    const work = () => {
      server.freeze();
      return Promise.resolve('made');
    };
    try {
      await expect(log.guarded(DRAFT, work, () => 'done')).resolves.toBe('made');
    } finally {
      server.thaw();
    }
    expect(troubles).toEqual(['open']);
  });

  it('ends once: what was concluded is not rewritten', async () => {
    await did();
    const [event] = (await pageOf()).events;
    const store = new RedisAuditStore(redis, DEFAULT_RETENTION);
    await expect(store.conclude(event?.id ?? '', 'failed')).resolves.toBe(false);
    await expect(
      store.append({ ...DRAFT, ...event, target: 'other' } as never),
    ).resolves.toBeUndefined();
    expect((await pageOf()).events).toEqual([event]);
    await expect(store.conclude('ae_none', 'done')).resolves.toBe(false);
  });

  it('is not concluded by what an actor calls himself', async () => {
    const actor = '"result":"unknown"';
    await log.guarded(
      { ...DRAFT, actor },
      () => Promise.resolve(),
      () => 'done',
    );
    expect((await pageOf()).events).toMatchObject([{ actor, result: 'done' }]);
  });
});

describe('what was denied', () => {
  it('is noted without waiting', async () => {
    log.note({ ...DRAFT, actor: null, role: null }, 'denied');
    await log.settled();
    expect((await pageOf()).events).toMatchObject([{ actor: '-', result: 'denied' }]);
  });

  it('is counted as lost when Redis does not answer, or too much waits', async () => {
    log = open({}, 2);
    server.freeze();
    try {
      for (let count = 0; count < 3; count += 1) {
        log.note(DRAFT, 'denied');
      }
      expect(troubles).toEqual(['lost']);
      await eventually(
        () => troubles.length,
        (count) => count === 3,
      );
    } finally {
      server.thaw();
    }
    await log.settled();
    log.note(DRAFT, 'denied');
    await log.settled();
    expect(troubles).toHaveLength(3);
  });

  it('pushes nothing out of what was done', async () => {
    log = open({ most: 10, mostDenied: 3 });
    await did();
    for (let count = 0; count < 20; count += 1) {
      now += 1;
      log.note({ ...DRAFT, target: `denied:${count}` }, 'denied');
    }
    await log.settled();
    await expect(targets()).resolves.toEqual([
      'denied:19',
      'denied:18',
      'denied:17',
      'watchlist:wl_1',
    ]);
  });
});

describe('the log', () => {
  it('is paged newest first, and a cursor stays valid while events come and go', async () => {
    log = open({ most: 5 });
    for (const target of ['a:1', 'a:2', 'a:3', 'a:4', 'a:5']) {
      await did({ target });
    }
    const { events, hasMore } = await pageOf({ first: 2 });
    expect(events.map(({ target }) => target)).toEqual(['a:5', 'a:4']);
    expect(hasMore).toBe(true);
    await did({ target: 'a:6' });
    const [, last] = events;
    const after = last === undefined ? '' : auditCursor(last);
    await expect(targets({ first: 3, after })).resolves.toEqual(['a:3', 'a:2']);
    await expect(pageOf({ after: 'odd' })).rejects.toMatchObject({ code: 'bad_cursor' });
  });

  it('is filtered by actor, action and time, and counted alike', async () => {
    await did({ target: 'a:1' });
    await did({ target: 'a:2', actor: 'other\n@example.com' });
    await did({ target: 'a:3', action: 'deleteWatchlist' });
    const since = now;
    await did({ target: 'a:4' });
    const filters = [
      [{ actor: 'operator@example.com' }, ['a:4', 'a:3', 'a:1']],
      [{ actor: 'other\n@example.com' }, ['a:2']],
      [{ action: 'deleteWatchlist' }, ['a:3']],
      [{ since }, ['a:4', 'a:3']],
      [{ since, actor: 'operator@example.com', action: 'createWatchlist' }, ['a:4']],
      [{ actor: 'nobody' }, []],
    ] as const;
    for (const [filter, expected] of filters) {
      await expect(targets({ filter })).resolves.toEqual(expected);
      await expect(log.count(filter)).resolves.toBe(expected.length);
    }
    await expect(log.count()).resolves.toBe(4);
  });

  it('finds what is rare behind a thousand others', async () => {
    await did({ target: 'a:1', actor: 'rare@example.com' });
    await Promise.all(Array.from({ length: 1_200 }, () => did()));
    await expect(targets({ first: 1, filter: { actor: 'rare@example.com' } })).resolves.toEqual([
      'a:1',
    ]);
  });

  it('keeps so many and so long, and nothing beside', async () => {
    log = open({ most: 3, keepMs: 30 * DAY });
    for (const target of ['a:1', 'a:2', 'a:3', 'a:4']) {
      await did({ target });
    }
    await expect(targets()).resolves.toEqual(['a:4', 'a:3', 'a:2']);
    await expect(redis.hlen('{st}:a:body')).resolves.toBe(3);
    log.note(DRAFT, 'denied');
    await log.settled();
    now += 31 * DAY;
    await did({ target: 'a:5' });
    await expect(targets()).resolves.toEqual(['a:5']);
    await expect(redis.hlen('{st}:a:body')).resolves.toBe(1);
    await expect(redis.zcard('{st}:a:denied')).resolves.toBe(0);
  });

  it('holds nothing of what a mutation was given', async () => {
    const target = 'webhook:https://hooks.example.com/CANARY';
    await did({ target, fields: ['input.url', 'CANARY secret'] });
    log.note({ ...DRAFT, target: 'token CANARY' }, 'denied');
    await log.settled();
    const dump = await dumpRedis(server.url);
    expect(dump).toContain('input.url');
    expect(dump).not.toContain('CANARY');
  });
});
