import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { CanonicalObservable } from '#observables';
import type { ListDraft, Watchlist } from '#watch';
import { DEPLOYMENT } from '#watching';

import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import { domain, hosts, valueOf } from '../support/watch-world.js';
import type { WatchingWorld } from '../support/watching-world.js';
import { watchingWorld } from '../support/watching-world.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const A = domain('a.example.com');
const B = domain('b.example.com');
const ADDRESS = { type: 'ip', value: '192.0.2.1' } as const;

let server: RedisServer;
let world: WatchingWorld;

beforeAll(async () => {
  server = await startRedis();
  world = await watchingWorld(server.url);
});

beforeEach(async () => {
  await world.redis.flushall();
});

afterAll(async () => {
  await world.end();
  await server.stop();
});

async function list(
  draft: ListDraft,
  ...observables: readonly CanonicalObservable[]
): Promise<Watchlist> {
  const made = valueOf(await world.lists.create(draft, 'olga'));
  const wishes = observables.map((observable) => ({ observable }));
  valueOf(await world.members.add(made.id, wishes, 'olga'));
  return made;
}

async function planned(): Promise<Record<string, number>> {
  const { byList } = await world.plan.plan();
  const lists = await world.lists.findMany([...byList.keys()]);
  const calls = [...byList.values()];
  return Object.fromEntries(lists.map((one, index) => [one?.name ?? '', calls[index] ?? 0]));
}

/** A look at AAAA records that found nothing. */
async function foundNothing(observable: CanonicalObservable): Promise<void> {
  await world.histories.apply({
    tenant: DEPLOYMENT,
    observable,
    recordType: 'AAAA',
    at: world.now,
    intervals: [],
    reach: 'all',
    watchlists: [],
  });
}

describe('the plan', () => {
  it('counts two calls a refresh of a name and one of an address', async () => {
    await list({ name: 'daily', refreshIntervalSeconds: DAY }, A, ADDRESS);
    await list({ name: 'hourly', refreshIntervalSeconds: HOUR }, B);
    await expect(planned()).resolves.toEqual({ daily: 90, hourly: 1_440 });
    await expect(world.plan.plan()).resolves.toMatchObject({
      callsPerMonth: 1_530,
      basis: 'assumed',
    });
  });

  it('counts what several lists watch once, at the shortest interval, for the one that pays', async () => {
    await list({ name: 'often', refreshIntervalSeconds: DAY / 2 }, A);
    await list({ name: 'high', priority: 'HIGH', refreshIntervalSeconds: DAY }, A);
    await expect(planned()).resolves.toEqual({ often: 0, high: 120 });
  });

  it('counts nothing for what is paused, expired or on a disabled list', async () => {
    const paused = await list({ name: 'paused' }, A);
    const [entry] = (await world.reader.page(paused, { first: 1 })).items;
    valueOf(await world.members.update(entry?.id ?? '', { paused: true }));
    await list({ name: 'disabled', enabled: false }, B);
    const expiring = await list({ name: 'expiring' });
    const wish = { observable: ADDRESS, expiresAt: world.now + 1_000 };
    valueOf(await world.members.add(expiring.id, [wish], 'olga'));
    world.now += 2_000;
    await expect(planned()).resolves.toEqual({ paused: 0, expiring: 0 });
  });

  it('never exceeds a list’s budget', async () => {
    await list({ name: 'thrifty', monthlyCallBudget: 25 }, A, B);
    await expect(planned()).resolves.toEqual({ thrifty: 25 });
  });

  it('asks for records that were never there once a month', async () => {
    await list({ name: 'daily' }, A, B);
    await foundNothing(A);
    // Of B nothing is known: it is taken to be like the others.
    const { daily = 0 } = await planned();
    expect(daily).toBeCloseTo(62, 0);
  });

  it('tells a long list by a sample of it', async () => {
    const names = hosts(1_000).map(({ observable }) => observable);
    const addresses = Array.from({ length: 250 }, (_, index) => {
      return { type: 'ip', value: `198.51.100.${index}` } as const;
    });
    await list({ name: 'long' }, ...names, ...addresses);
    const { long = 0 } = await planned();
    const exact = 1_000 * 60 + 250 * 30;
    expect(Math.abs(long / exact - 1)).toBeLessThan(0.01);
  });
});

describe('the preview of an import', () => {
  it('counts first fetches and refreshes of what is new', async () => {
    const daily = await list({ name: 'daily', refreshIntervalSeconds: DAY }, A);
    await expect(world.plan.preview(world.tenant, daily, [A, B, ADDRESS])).resolves.toEqual({
      accepted: 3,
      alreadyWatched: 1,
      firstFetchCalls: 3,
      firstFetchCallsMost: 3,
      callsPerMonth: 90,
      callsPerMonthRange: { least: expect.closeTo(61, 0), most: 90 },
      basis: 'assumed',
      quotaLimit: null,
      quotaExhaustsAt: null,
      affordableIntervalSeconds: HOUR,
    });
    await expect(world.reader.count(daily)).resolves.toBe(1);
  });

  it('counts only what other lists do not pay for already', async () => {
    await list({ name: 'daily', refreshIntervalSeconds: DAY }, A, B);
    await world.schedule.settle(B, { outcome: 'ok', at: world.now });
    const weekly = await list({ name: 'weekly', refreshIntervalSeconds: 7 * DAY });
    const hourly = await list({ name: 'hourly', refreshIntervalSeconds: HOUR });
    await expect(world.plan.preview(world.tenant, weekly, [A, B])).resolves.toMatchObject({
      firstFetchCalls: 0,
      callsPerMonth: 0,
    });
    const more = await world.plan.preview(world.tenant, hourly, [A, B]);
    expect(more).toMatchObject({ firstFetchCalls: 0 });
    expect(more.callsPerMonth).toBeCloseTo(2 * (1_440 - 60), 6);
  });

  it('takes as many names to have no AAAA records as of those that are watched', async () => {
    const daily = await list({ name: 'daily', refreshIntervalSeconds: DAY }, A);
    await foundNothing(A);
    const told = await world.plan.preview(world.tenant, daily, [B]);
    expect(told.basis).toBe('measured');
    expect(told.callsPerMonth).toBeCloseTo(31, 0);
    // One of one proves little.
    expect(told.callsPerMonthRange.most).toBeGreaterThan(40);
  });

  it('is sure of addresses, whatever is known of names', async () => {
    const daily = await list({ name: 'daily', refreshIntervalSeconds: DAY }, A);
    await expect(world.plan.preview(world.tenant, daily, [ADDRESS])).resolves.toMatchObject({
      basis: 'measured',
      callsPerMonth: 30,
      callsPerMonthRange: { least: 30, most: 30 },
    });
  });

  it('comes to what the plan says once it is saved', async () => {
    const daily = await list({ name: 'daily', refreshIntervalSeconds: DAY }, A);
    await list({ name: 'high', priority: 'HIGH', refreshIntervalSeconds: 2 * DAY }, B);
    await foundNothing(A);
    const before = await world.plan.plan();
    const { callsPerMonth } = await world.plan.preview(world.tenant, daily, [B, ADDRESS]);
    const wishes = [{ observable: B }, { observable: ADDRESS }];
    valueOf(await world.members.add(daily.id, wishes, 'olga'));
    const after = await world.plan.plan();
    expect(callsPerMonth).toBeCloseTo(after.callsPerMonth - before.callsPerMonth, 6);
  });

  it('tells the interval that fits the quota beside the reserve and the plan', async () => {
    const daily = await list({ name: 'daily', refreshIntervalSeconds: DAY });
    world.now = Date.parse('2026-11-01T00:00:00Z');
    await world.ledger.learnUsage(world.tenant, { used: 0, allowed: 1_000 });
    const addresses = Array.from({ length: 100 }, (_, index) => {
      return { type: 'ip', value: `198.51.100.${index}` } as const;
    });
    const preview = await world.plan.preview(world.tenant, daily, addresses);
    expect(preview.firstFetchCalls).toBe(100);
    // 700 of the 1,000 remain for 30 days: 100 addresses every 4.3 days.
    expect(preview.affordableIntervalSeconds).toBeCloseTo((30 * DAY) / 7, -2);
    const end = new Date(preview.quotaExhaustsAt ?? 0).toISOString();
    expect(end.slice(0, 10)).toBe('2026-11-10');
  });
});
