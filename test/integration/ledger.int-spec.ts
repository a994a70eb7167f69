import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { closeRedis, connectRedis, requestPathRedis } from '#platform';
import type { RedisClient } from '#platform';

import { Ledger, LedgerRefusal, MemoryLedgerStore, RedisLedgerStore } from '#ledger';
import type { Booking, CallOrder, LedgerParts } from '#ledger';
import { ledgerStoreContract } from '../contract/ledger-store.contract.js';
import { eventually } from '../support/eventually.js';
import { ledgerStories, tellLedgerStory } from '../support/ledger-story.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';

const TENANT = '0123456789abcdef0123456789abcdef';
const AT = Date.parse('2026-03-10T12:00:00Z');
const MONTH_KEY = `{st}:l:${TENANT}:m:202603`;

let server: RedisServer;
let redis: RedisClient;
let others: RedisClient[];

beforeAll(async () => {
  server = await startRedis();
  [redis, ...others] = Array.from({ length: 4 }, () => requestPathRedis(server.url)) as [
    RedisClient,
    ...RedisClient[],
  ];
  await Promise.all([redis, ...others].map((client) => connectRedis(client)));
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  await Promise.all([redis, ...others].map((client) => closeRedis(client)));
  await server.stop();
});

ledgerStoreContract(async () => {
  await redis.flushall();
  return new RedisLedgerStore(redis);
});

interface Process {
  readonly ledger: Ledger;
  readonly troubles: unknown[];
}

function startProcess(client: RedisClient, more: Partial<LedgerParts> = {}): Process {
  const troubles: unknown[] = [];
  const ledger = new Ledger({
    store: new RedisLedgerStore(client),
    clock: () => AT,
    newId: randomUUID,
    interactiveReserve: 0.2,
    onTrouble: (error) => troubles.push(error),
    ...more,
  });
  return { ledger, troubles };
}

function fourProcesses(more: Partial<LedgerParts> = {}): readonly Ledger[] {
  return [redis, ...others].map((client) => startProcess(client, more).ledger);
}

function order(more: Partial<CallOrder> = {}): CallOrder {
  return {
    tenant: TENANT,
    cause: 'OBSERVE',
    lane: 'interactive',
    endpoint: 'history/a',
    observable: { type: 'domain', value: 'example.com' },
    payers: [],
    ...more,
  };
}

/** Books at once and tells what came of it. */
async function tryToBook(
  ledgers: readonly Ledger[],
  times: number,
  one: CallOrder = order(),
): Promise<{ booked: readonly Booking[]; refusals: readonly string[] }> {
  const booked: Booking[] = [];
  const refusals: string[] = [];
  await Promise.all(
    Array.from({ length: times }, async (_, index) => {
      try {
        booked.push(await ledgers[index % ledgers.length]!.book(one));
      } catch (error) {
        refusals.push(error instanceof LedgerRefusal ? error.code : String(error));
      }
    }),
  );
  return { booked, refusals };
}

async function totalCalls(ledger: Ledger): Promise<number> {
  const rows = await ledger.rows({ tenant: TENANT, groupBy: 'CAUSE' });
  return rows.reduce((sum, { calls }) => sum + calls, 0);
}

/** Redis answers no process within its patience when it is asked too much at once. */
async function inTurns<T>(rounds: number, run: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let round = 0; round < rounds; round += 1) {
    results.push(await run());
  }
  return results;
}

describe('four processes over one Redis', () => {
  it('never cross the hard limit, with 2,000 calls at once', async () => {
    const ledgers = fourProcesses({ hardMonthlyLimit: 1_000 });
    const turns = await inTurns(10, () => tryToBook(ledgers, 200));
    const booked = turns.flatMap((turn) => turn.booked);
    const refusals = turns.flatMap((turn) => turn.refusals);
    expect(booked).toHaveLength(1_000);
    expect(new Set(refusals)).toEqual(new Set(['hard_limit']));
    await expect(ledgers[0]!.account(TENANT)).resolves.toMatchObject({ own: 1_000, remaining: 0 });
    await expect(totalCalls(ledgers[3]!)).resolves.toBe(1_000);
  });

  it('leave the reserve and the budgets alone, each to the call', async () => {
    const ledgers = fourProcesses();
    await ledgers[0]!.learnUsage(TENANT, { used: 0, allowed: 500 });
    const payers = [
      { watchlistId: 'one', monthlyBudget: 37 },
      { watchlistId: 'two', monthlyBudget: 11 },
    ];
    const refresh = order({ cause: 'REFRESH', lane: 'background', payers });
    const budgeted = await tryToBook(ledgers, 100, refresh);
    expect(budgeted.booked).toHaveLength(48);
    expect(new Set(budgeted.refusals)).toEqual(new Set(['budget']));
    const { byList } = await ledgers[1]!.account(TENANT);
    expect(Object.fromEntries(byList)).toEqual({ one: 37, two: 11 });
    const turns = await inTurns(4, () => tryToBook(ledgers, 100, { ...refresh, payers: [] }));
    expect(turns.flatMap((turn) => turn.booked)).toHaveLength(400 - 48);
    expect(turns.at(-1)!.refusals).toContain('reserve');
  });

  it('ask upstream for its count once', async () => {
    const ledgers = fourProcesses();
    const wanted = await Promise.all(
      Array.from({ length: 100 }, (_, index) => ledgers[index % 4]!.usageWanted(TENANT)),
    );
    expect(wanted.filter(Boolean)).toHaveLength(1);
  });

  it('give up what another of them left open', async () => {
    let now = AT;
    const [dead, living] = fourProcesses({ clock: () => now });
    await dead!.book(order());
    const elsewhere = await dead!.book(order({ tenant: 'f'.repeat(32) }));
    now += 120_001;
    await expect(living!.sweep()).resolves.toBe(2);
    await living!.close(elsewhere, 'failed');
    const rows = await living!.rows({ tenant: 'f'.repeat(32), groupBy: 'DAY' });
    expect(rows).toMatchObject([{ calls: 1, failed: 1 }]);
    await expect(totalCalls(living!)).resolves.toBe(1);
  });
});

describe('a Redis that has lost', () => {
  it('all its data does not lead a process across the hard limit', async () => {
    const { ledger } = startProcess(redis, { hardMonthlyLimit: 100 });
    await expect(tryToBook([ledger], 60)).resolves.toMatchObject({ refusals: [] });
    await redis.flushall();
    await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 0, used: 60 });
    const { booked } = await tryToBook([ledger], 60);
    expect(booked).toHaveLength(40);
    await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 40, used: 100 });
  });

  it('all its data, twice, while four processes call, does not lead them across it', async () => {
    const ledgers = fourProcesses({ hardMonthlyLimit: 400 });
    const first = await tryToBook(ledgers, 150);
    await redis.flushall();
    const second = await tryToBook(ledgers, 150);
    await redis.flushall();
    const turns = await inTurns(3, () => tryToBook(ledgers, 200));
    const third = turns.flatMap((turn) => turn.booked);
    expect(first.booked.length + second.booked.length + third.length).toBe(400);
  });

  it("its data still knows upstream's count from the processes", async () => {
    const { ledger } = startProcess(redis, { hardMonthlyLimit: 100 });
    await ledger.learnUsage(TENANT, { used: 96, allowed: 100 });
    await tryToBook([ledger], 1);
    await redis.flushall();
    await expect(ledger.account(TENANT)).resolves.toMatchObject({ used: 97, allowed: 100 });
    await expect(ledger.refusal(order({ lane: 'background' }))).resolves.toMatchObject({
      code: 'reserve',
    });
    const { booked } = await tryToBook([ledger], 10);
    expect(booked).toHaveLength(3);
  });

  it('some calls, counts those booked since on top of what the best process remembers', async () => {
    const [one, two] = fourProcesses({ hardMonthlyLimit: 10 });
    await tryToBook([one!], 3);
    await tryToBook([two!], 3);
    await redis.hincrby(MONTH_KEY, 'own', -4);
    // The first remembers 3 where 2 are held, the second 6: with this one there have been 7.
    await tryToBook([one!], 1);
    const { booked } = await tryToBook([two!], 10);
    expect(booked).toHaveLength(3);
    await expect(two!.account(TENANT)).resolves.toMatchObject({ used: 10, remaining: 0 });
  });

  it('its last second does not lead them across it, once each has spoken', async () => {
    const ledgers = fourProcesses({ hardMonthlyLimit: 50 });
    await tryToBook(ledgers, 36);
    // Each has seen the count lately: one that remembers less than is left cannot tell of the loss.
    for (const ledger of ledgers) {
      await tryToBook([ledger], 1);
    }
    await redis.hincrby(MONTH_KEY, 'own', -15);
    const first = await Promise.all(ledgers.map((ledger) => tryToBook([ledger], 1)));
    const { booked } = await tryToBook(ledgers, 40);
    expect(first.flatMap((one) => one.booked).length + booked.length).toBe(10);
  });
});

describe('while Redis does not answer', () => {
  let frozen: Process;
  let limited: Process;

  beforeEach(async () => {
    frozen = startProcess(redis);
    limited = startProcess(others[0]!, { hardMonthlyLimit: 1_000 });
    await frozen.ledger.learnUsage(TENANT, 'untold');
    await limited.ledger.book(order());
    server.freeze();
  });

  afterEach(async () => {
    server.thaw();
    await eventually(
      () => redis.ping().catch(String),
      (answer) => answer === 'PONG',
    );
  });

  it("an analyst's call goes on, and is booked once Redis is back, once", async () => {
    const made = [await frozen.ledger.book(order()), await frozen.ledger.book(order())];
    await frozen.ledger.close(made[0]!, 'failed');
    server.thaw();
    await eventually(
      async () => {
        await frozen.ledger.sweep().catch(String);
        return totalCalls(frozen.ledger).catch(String);
      },
      (calls) => Number(calls) >= 2,
    );
    await frozen.ledger.close(made[1]!, 'answered');
    await eventually(
      () => totalCalls(frozen.ledger),
      (calls) => calls === 3,
    );
    const rows = await frozen.ledger.rows({ tenant: TENANT, groupBy: 'OBSERVABLE' });
    expect(rows).toMatchObject([{ calls: 3, failed: 1 }]);
    expect(frozen.troubles.length).toBeGreaterThan(0);
  });

  it('the background, and everybody under a hard limit, is refused and leaves no trace', async () => {
    const background = order({ cause: 'REFRESH', lane: 'background' });
    const [one, two] = await Promise.all([
      tryToBook([frozen.ledger], 3, background),
      tryToBook([limited.ledger], 3),
    ]);
    expect([...one.refusals, ...two.refusals]).toEqual(Array(6).fill('uncounted'));
    await expect(frozen.ledger.refusal(background)).resolves.toMatchObject({
      code: 'uncounted',
      retryAt: AT + 5_000,
    });
    await expect(frozen.ledger.refusal(order())).resolves.toBeUndefined();
    await expect(frozen.ledger.usageWanted(TENANT)).resolves.toBe(false);
    await expect(frozen.ledger.account(TENANT)).rejects.toThrow();
    server.thaw();
    await eventually(
      async () => {
        await Promise.all([frozen.ledger.sweep(), limited.ledger.sweep()]).catch(String);
        return totalCalls(limited.ledger).catch(String);
      },
      (calls) => calls === 1,
    );
    await expect(tryToBook([limited.ledger], 1)).resolves.toMatchObject({ refusals: [] });
    await expect(totalCalls(limited.ledger)).resolves.toBe(2);
  });

  it('a call that ends is moved to its result later', async () => {
    server.thaw();
    await eventually(
      () => redis.ping().catch(String),
      (answer) => answer === 'PONG',
    );
    const booking = await frozen.ledger.book(order());
    server.freeze();
    await frozen.ledger.close(booking, 'failed');
    expect(frozen.troubles).toHaveLength(1);
    server.thaw();
    await eventually(
      async () => {
        await frozen.ledger.sweep().catch(String);
        return frozen.ledger.rows({ tenant: TENANT, groupBy: 'ENDPOINT' }).catch(String);
      },
      (rows) => JSON.stringify(rows).includes('"calls":2,"failed":1'),
    );
    await expect(totalCalls(frozen.ledger)).resolves.toBe(2);
  });
});

describe('a Redis that was killed', () => {
  it('is told afterwards of the calls that were made without it', async () => {
    const { ledger } = startProcess(redis);
    await server.kill();
    await eventually(
      () => redis.status,
      (status) => status !== 'ready',
    );
    const { booked } = await tryToBook([ledger], 5);
    await Promise.all(booked.map((booking) => ledger.close(booking, 'answered')));
    await server.restart();
    await eventually(
      async () => {
        // Booking one more call is what makes it look.
        await tryToBook([ledger], 1);
        return totalCalls(ledger).catch(String);
      },
      (calls) => Number(calls) >= 6,
    );
    await expect(ledger.account(TENANT)).resolves.toMatchObject({ upstreamUsed: null });
  });
});

describe('what is kept in Redis', () => {
  it('has one hash tag in all its keys, and an end to its life', async () => {
    const { ledger } = startProcess(redis);
    await ledger.learnUsage(TENANT, { used: 1, allowed: 10 });
    const { booked } = await tryToBook([ledger], 2);
    await ledger.close(booked[0]!, 'failed');
    const days = 86_400;
    const lives = new Map<string, number>();
    for (const key of await redis.keys('*')) {
      lives.set(key, await redis.ttl(key));
    }
    expect(Object.fromEntries(lives)).toEqual({
      '{st}:l:tenants': -1,
      [MONTH_KEY]: 400 * days,
      [`{st}:l:${TENANT}:d:20260310`]: 400 * days,
      [`{st}:l:${TENANT}:o:20260310`]: 35 * days,
      [`{st}:l:${TENANT}:pace`]: 2 * days,
      [`{st}:l:${TENANT}:open`]: 2 * days,
    });
  });

  it('forgets hours that no pace is told from', async () => {
    let now = AT;
    const { ledger } = startProcess(redis, { clock: () => now });
    for (let hour = 0; hour < 60; hour += 1) {
      await ledger.book(order());
      now += 3_600_000;
    }
    await expect(redis.hlen(`{st}:l:${TENANT}:pace`)).resolves.toBeLessThan(56);
    await expect(ledger.account(TENANT)).resolves.toMatchObject({ callsPerDay: 24 });
  });

  it('comes to the same as what is kept in memory', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerStories, fc.option(fc.nat(12)), async (story, limit) => {
        await redis.flushall();
        const limits = {
          interactiveReserve: 0.3,
          ...(limit === null ? {} : { hardMonthlyLimit: limit }),
        };
        const inRedis = await tellLedgerStory(new RedisLedgerStore(redis), story, limits);
        const inMemory = await tellLedgerStory(new MemoryLedgerStore(), story, limits);
        expect(inRedis).toEqual(inMemory);
      }),
      { numRuns: 60 },
    );
  });
});
