import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { RedisQuotaCircuit } from '#governor';
import { DEPLOYMENT } from '#watching';

import { startRefreshWorld } from '../support/refresh-world.js';
import type { RefreshBench, RefreshWorld } from '../support/refresh-world.js';
import { START, valueOf } from '../support/watch-world.js';

const HOST = 'watched.example.com';
const HOUR = 3_600_000;

let world: RefreshWorld;
let bench: RefreshBench;

beforeAll(async () => {
  world = await startRefreshWorld();
}, 20_000);

beforeEach(async () => {
  bench = await world.begin();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function hosts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `host${index}.example.com`);
}

function aaaaCalls(host: string): number {
  const path = `/v1/history/${host}/dns/aaaa`;
  return world.simulator.requests().filter((call) => call.path === path).length;
}

async function states(): Promise<Record<string, number>> {
  const { items } = await bench.watching.lists.page({ first: 100 });
  const summaries = await bench.watching.reader.summaries(items);
  const sums: Record<string, number> = {};
  for (const [state, count] of summaries.flatMap(({ byState }) => Object.entries(byState))) {
    sums[state] = (sums[state] ?? 0) + count;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count > 0));
}

async function rest() {
  return (await bench.watching.work.read(bench.caller.tenant)).rest;
}

describe('what upstream knows nothing of', () => {
  it('is a result: unknown names, refused names and empty answers are fresh', async () => {
    const [unknown, refused, empty] = ['unknown', 'refused', 'nothing'].map(
      (name) => `${name}.example.com`,
    ) as [string, string, string];
    world.simulator.fault({ kind: 'status', status: 404, match: { host: unknown } });
    world.simulator.fault({ kind: 'status', status: 400, match: { host: refused } });
    world.simulator.setHistory(empty, 'a', []);
    world.simulator.setHistory(empty, 'aaaa', []);
    await bench.add(await bench.list(), unknown, refused, empty);
    bench.pass(1);
    expect(await bench.work()).toEqual(['done', 'done', 'done']);
    expect(await states()).toEqual({ FRESH: 3 });
  });

  it('is not asked for IPv6 again for a month, once that was empty twice', async () => {
    world.simulator.setHistory(HOST, 'a', [{ first_seen: '2024-01-01', values: ['192.0.2.1'] }]);
    world.simulator.setHistory(HOST, 'aaaa', []);
    await bench.add(await bench.list({ refreshIntervalSeconds: 86_400 }), HOST);
    const asked = aaaaCalls(HOST);
    for (let day = 0; day < 28; day += 1) {
      await bench.work();
      bench.pass(1.2);
    }
    // Day 0, day 1.2, and then the first time after 30 days.
    expect(aaaaCalls(HOST) - asked).toBe(3);
    world.simulator.pushInterval(HOST, 'aaaa', { values: ['2001:db8::1'] });
    bench.pass(31);
    await bench.work();
    const query = { tenant: DEPLOYMENT, first: 10 };
    const { changes } = await bench.watching.changes.page(query);
    expect(changes.map(({ kind, value }) => `${kind} ${value}`)).toEqual(['ADDED 2001:db8::1']);
  });
});

describe('a key that upstream refuses', () => {
  it('is one clear state instead of failed jobs, and ends by one refresh that tries', async () => {
    await bench.add(await bench.list(), ...hosts(20));
    bench.pass(1);
    world.simulator.setKey(bench.caller.apiKey, null);
    const ends = await bench.work();
    expect(new Set(ends)).toEqual(new Set(['waiting bad_key']));
    expect(await states()).toEqual({ PENDING: 20 });
    expect(await rest()).toEqual({
      reason: 'bad_key',
      since: bench.now,
      until: bench.now + 5 * 60_000,
    });
    const calls = bench.dataCalls();
    bench.pass(4 / 24 / 60);
    expect((await bench.tick()).enqueued).toBe(0);
    bench.pass(2 / 24 / 60);
    expect((await bench.tick()).enqueued).toBe(1);
    expect(await bench.drain()).toEqual(['waiting bad_key']);
    expect(bench.dataCalls() - calls).toBeLessThanOrEqual(2);
    expect(await rest()).toMatchObject({ until: bench.now + 10 * 60_000 });
    world.simulator.setKey(bench.caller.apiKey, { perSecond: 100_000, monthly: 1_000_000 });
    bench.pass(11 / 24 / 60);
    expect((await bench.tick()).enqueued).toBe(1);
    expect(await bench.drain()).toEqual(['done']);
    expect(await rest()).toBeNull();
    bench.pass(2 / 24);
    await bench.work();
    expect(await states()).toEqual({ FRESH: 20 });
  });

  it('is tried again at once when an operator says so', async () => {
    await bench.add(await bench.list(), HOST);
    world.simulator.setKey(bench.caller.apiKey, null);
    await bench.work();
    world.simulator.setKey(bench.caller.apiKey, { perSecond: 100_000, monthly: 1_000_000 });
    bench.pass(2 / 24 / 60);
    await bench.watching.halts.lift(bench.caller.tenant);
    await bench.watching.refreshNow.refreshObservable({ type: 'domain', value: HOST });
    expect(await bench.drain()).toEqual(['done']);
  });
});

describe('what expires while all work rests', () => {
  it('is counted as expired', async () => {
    const list = await bench.list();
    await bench.add(list, { observable: { type: 'domain', value: HOST }, expiresAt: START + HOUR });
    await bench.watching.halts.refused(bench.caller.tenant, 'key', 'bad_key');
    bench.pass(2);
    await bench.tick();
    const [summary] = await bench.watching.reader.summaries([list]);
    expect(summary?.byState).toMatchObject({ PENDING: 0, EXPIRED: 1 });
  });
});

describe('a plan that does not hold an endpoint', () => {
  it('puts off addresses only; names go on', async () => {
    const addresses = Array.from({ length: 5 }, (_, index) => `192.0.2.${index + 1}`);
    await bench.add(await bench.list(), ...addresses, ...hosts(5));
    world.simulator.fault({ kind: 'status', status: 403, match: { endpoint: 'list' } });
    bench.pass(1);
    const ends = await bench.work();
    expect(ends.filter((end) => end === 'done')).toHaveLength(5);
    expect(ends.filter((end) => end === 'waiting plan')).toHaveLength(5);
    expect(await states()).toEqual({ FRESH: 5, PENDING: 5 });
    expect(await bench.watched('192.0.2.1')).toMatchObject({ waitingFor: 'plan', lastError: null });
    const work = await bench.watching.work.read(bench.caller.tenant);
    expect(work).toMatchObject({
      state: 'RUNNING',
      halts: [{ scope: 'list', reason: 'plan' }],
    });
    world.simulator.clearFaults();
    bench.pass(1);
    await bench.work();
    bench.pass(2 / 24);
    await bench.work();
    expect((await bench.watching.work.read(bench.caller.tenant)).halts).toEqual([]);
    expect(await bench.watched('192.0.2.5')).toMatchObject({ state: 'FRESH', waitingFor: null });
  });
});

describe('money', () => {
  it('lets what a list has no budget left for wait with that reason', async () => {
    await bench.add(await bench.list({ monthlyCallBudget: 6 }), ...hosts(5));
    bench.pass(1);
    const ends = await bench.work();
    expect(ends.toSorted()).toEqual(['done', 'done', 'done', 'waiting budget', 'waiting budget']);
    expect(bench.dataCalls()).toBe(6);
    expect(await states()).toEqual({ FRESH: 3, PENDING: 2 });
    const waiting = await Promise.all(hosts(5).map((host) => bench.watched(host)));
    expect(waiting.map(({ waitingFor }) => waitingFor).toSorted()).toEqual(
      ['budget', 'budget', null, null, null].toSorted(),
    );
    expect(waiting.every(({ consecutiveFailures }) => consecutiveFailures === 0)).toBe(true);
  });

  it('lets a list that has a budget pay for what another has none for, and operators beyond', async () => {
    await bench.add(
      await bench.list({ monthlyCallBudget: 0, priority: 'HIGH' }),
      HOST,
      'poor.example.com',
    );
    const rich = await bench.list({ monthlyCallBudget: 100 });
    await bench.add(rich, HOST);
    bench.pass(0.1);
    expect((await bench.work()).toSorted()).toEqual(['done', 'waiting budget']);
    const account = await bench.watching.ledger.account(bench.caller.tenant);
    expect([...account.byList]).toEqual([[rich.id, 2]]);
    const poor = { type: 'domain', value: 'poor.example.com' } as const;
    await bench.watching.refreshNow.refreshObservable(poor);
    expect(await bench.drain()).toEqual(['done']);
  });

  it('leaves the reserve to analysts', async () => {
    bench = await world.begin({ monthly: 20 });
    await bench.add(await bench.list(), ...hosts(20));
    bench.pass(1);
    await bench.work();
    // A fifth of 20 is for analysts, and one call told how many there are.
    const { used, reserve, limit } = await bench.watching.ledger.account(bench.caller.tenant);
    expect({ reserve, limit }).toEqual({ reserve: 4, limit: 20 });
    expect(used).toBe(16);
    expect(await rest()).toMatchObject({ reason: 'reserve', until: Date.parse('2026-12-01') });
    expect((await bench.tick()).enqueued).toBe(0);
    expect(Object.keys(await states()).toSorted()).toEqual(['FRESH', 'PENDING']);
    const since = bench.now;
    bench.pass(1);
    await bench.tick();
    expect(await rest()).toMatchObject({ since });
    bench.pass(10);
    await bench.work();
    expect(await bench.watching.ledger.account(bench.caller.tenant)).toMatchObject({
      month: '2026-12',
      used: 16,
    });
  });

  it('rests when upstream says that the quota is used up, before we had counted so far', async () => {
    bench = await world.begin({ monthly: 100 });
    const list = await bench.list();
    await bench.add(list, HOST);
    expect(await bench.work()).toEqual(['done']);
    world.simulator.setKey(bench.caller.apiKey, { used: 100 });
    await bench.add(list, ...hosts(3));
    bench.pass(0.1);
    const ends = await bench.work();
    expect(ends).toEqual(['waiting quota', 'waiting quota', 'waiting quota']);
    expect(await states()).toEqual({ FRESH: 1, PENDING: 3 });
    expect((await rest())?.reason).toBe('quota');
    expect(bench.dataCalls()).toBeLessThanOrEqual(4);
  });

  it('goes on within a day after upstream has given quota again, though nobody makes a call', async () => {
    bench = await world.begin({ monthly: 100 });
    await bench.add(await bench.list(), HOST);
    expect(await bench.work()).toEqual(['done']);
    const { tenant } = bench.caller;
    await new RedisQuotaCircuit(bench.redis, () => bench.now).open(
      tenant,
      bench.now + 20 * 24 * HOUR,
    );
    bench.pass(0.9);
    await bench.tick();
    expect((await rest())?.reason).toBe('quota');
    bench.pass(0.2);
    await bench.tick();
    expect(await rest()).toBeNull();
  });
});

describe('what nobody wants', () => {
  it('costs nothing while it is paused, expired, or on disabled lists; its history stays', async () => {
    const list = await bench.list();
    const off = await bench.list();
    const expiring = { type: 'domain', value: 'expiring.example.com' } as const;
    await bench.add(list, 'paused.example.com', {
      observable: expiring,
      expiresAt: START + 25 * HOUR,
    });
    await bench.add(off, 'off.example.com');
    bench.pass(1);
    await bench.work();
    const { id } = await bench.watched('paused.example.com');
    valueOf(await bench.watching.members.update(id, { paused: true }));
    valueOf(await bench.watching.lists.update(off.id, { enabled: false }));
    const calls = bench.dataCalls();
    bench.pass(10);
    expect(await bench.work()).toEqual([]);
    for (const value of ['paused', 'expiring', 'off']) {
      expect(await bench.run(`${value}.example.com`)).toEqual({ kind: 'nobody' });
      expect(await bench.run(`${value}.example.com`, { cause: 'operator' })).toEqual({
        kind: 'nobody',
      });
    }
    expect(bench.dataCalls()).toBe(calls);
    const subject = { tenant: DEPLOYMENT, observable: expiring, recordType: 'A' } as const;
    expect(await bench.watching.histories.known(subject)).toBeDefined();
  });

  it('is refreshed for an analyst or an operator all the same, and leaves no history behind', async () => {
    expect(await bench.run(HOST)).toEqual({ kind: 'nobody' });
    const { type, value } = bench.job(HOST).observable;
    expect(await bench.run(HOST, { cause: 'operator' })).toEqual({ kind: 'done' });
    bench.pass(1);
    expect(await bench.run(HOST, { cause: 'stale' })).toEqual({ kind: 'done' });
    expect(bench.dataCalls()).toBe(4);
    const subject = { tenant: DEPLOYMENT, observable: { type, value }, recordType: 'A' } as const;
    expect(await bench.watching.histories.known(subject)).toBeUndefined();
  });
});

describe('refresh now', () => {
  it('takes a whole list in the order of its priority, but what is paused', async () => {
    const list = await bench.list();
    await bench.add(list, ...hosts(3));
    bench.pass(1);
    await bench.work();
    const { id } = await bench.watched('host0.example.com');
    valueOf(await bench.watching.members.update(id, { paused: true }));
    bench.pass(0.1);
    const calls = bench.dataCalls();
    expect(await bench.watching.refreshNow.refreshWatchlist(list)).toEqual({
      enqueued: 2,
      alreadyQueued: 0,
    });
    await bench.tick();
    expect((await bench.waiting()).map(({ cause }) => cause)).toEqual(['operator', 'operator']);
    expect(await bench.watching.refreshNow.refreshWatchlist(list)).toEqual({
      enqueued: 0,
      alreadyQueued: 2,
    });
    expect(await bench.drain()).toEqual(['done', 'done']);
    expect(bench.dataCalls()).toBeGreaterThan(calls);
    expect(await states()).toEqual({ FRESH: 2, PAUSED: 1 });
  });

  it('makes what is scheduled and waits already the operator’s, beyond the budget of its list', async () => {
    await bench.add(await bench.list({ monthlyCallBudget: 2 }), HOST);
    expect(await bench.work()).toEqual(['done']);
    bench.pass(2);
    await bench.tick();
    expect((await bench.waiting()).map(({ cause }) => cause)).toEqual(['scheduled']);
    const { observable } = bench.job(HOST);
    expect(await bench.watching.refreshNow.refreshObservable(observable)).toEqual({
      enqueued: 0,
      alreadyQueued: 1,
    });
    expect(await bench.drain()).toEqual(['done']);
    expect(await states()).toEqual({ FRESH: 1 });
  });

  it('is one wish however often it is asked', async () => {
    await bench.add(await bench.list(), HOST);
    const { refreshNow } = bench.watching;
    const { observable } = bench.job(HOST);
    const outcomes = [
      await refreshNow.refreshObservable(observable),
      await refreshNow.refreshObservable(observable),
    ];
    expect(outcomes).toEqual([
      { enqueued: 1, alreadyQueued: 0 },
      { enqueued: 0, alreadyQueued: 1 },
    ]);
    expect(await bench.waiting()).toHaveLength(1);
  });
});
