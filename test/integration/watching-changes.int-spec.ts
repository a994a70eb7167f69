import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command, Redis } from 'ioredis';

import { startRefreshWorld } from '../support/refresh-world.js';
import type { RefreshBench, RefreshWorld } from '../support/refresh-world.js';
import { valueOf } from '../support/watch-world.js';

const HOST = 'watched.example.com';

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

/** A name that has one address, and none of IPv6. */
function settle(host: string): void {
  world.simulator.setHistory(host, 'a', [{ first_seen: '2024-01-01', values: ['192.0.2.1'] }]);
  world.simulator.setHistory(host, 'aaaa', []);
}

/** A day passes, and the name moves to another hoster. */
function move(host: string, to = '192.0.2.2'): void {
  bench.pass(2);
  world.simulator.pushInterval(host, 'a', { values: [to] });
}

async function story(): Promise<string[]> {
  return (await bench.changes()).map(({ kind, value }) => `${kind} ${value}`).sort();
}

const MOVED = ['ADDED 192.0.2.2', 'ENDED 192.0.2.1'];

describe('a watched name', () => {
  it('is a silent baseline at its first fetch, and shows a move once as added and ended', async () => {
    settle(HOST);
    const list = await bench.list({ refreshIntervalSeconds: 86_400 });
    await bench.add(list, HOST);
    expect(await bench.work()).toEqual(['done']);
    expect(await story()).toEqual([]);
    expect(await bench.watched(HOST)).toMatchObject({
      state: 'FRESH',
      lastRefreshedAt: bench.now,
      lastChangeAt: null,
    });
    move(HOST);
    expect(await bench.work()).toEqual(['done']);
    expect(await story()).toEqual(MOVED);
    expect(await bench.watched(HOST)).toMatchObject({ state: 'FRESH', lastChangeAt: bench.now });
    const [change] = await bench.changes();
    expect(change).toMatchObject({ watchlists: [list.id], detectedAt: bench.now });
    bench.pass(2);
    await bench.work();
    expect(await story()).toEqual(MOVED);
  });

  it('is a silent baseline again when it comes back to a list after a while', async () => {
    settle(HOST);
    const list = await bench.list({ refreshIntervalSeconds: 86_400 });
    await bench.add(list, HOST);
    await bench.work();
    valueOf(await bench.watching.members.remove(list.id, [{ type: 'domain', value: HOST }]));
    bench.pass(60);
    move(HOST);
    await bench.add(list, HOST);
    expect(await bench.work()).toEqual(['done']);
    expect(await story()).toEqual([]);
    move(HOST, '192.0.2.3');
    await bench.work();
    expect(await story()).toEqual(['ADDED 192.0.2.3', 'ENDED 192.0.2.2']);
  });

  it('books its first fetch and its refreshes to the list', async () => {
    settle(HOST);
    const list = await bench.list({ refreshIntervalSeconds: 86_400 });
    await bench.add(list, HOST);
    await bench.work();
    move(HOST);
    await bench.work();
    const { tenant } = bench.caller;
    const rows = await bench.watching.ledger.rows({ tenant, groupBy: 'CAUSE' });
    const calls = Object.fromEntries(rows.map(({ key, calls: count }) => [key, count]));
    expect(calls).toMatchObject({ FIRST_FETCH: 2, REFRESH: 2 });
    const byList = await bench.watching.ledger.rows({ tenant, groupBy: 'WATCHLIST' });
    expect(byList.find(({ watchlistId }) => watchlistId === list.id)).toMatchObject({ calls: 4 });
    expect(bench.dataCalls()).toBe(4);
  });

  it('is asked once when its job is done twice, by two workers at once', async () => {
    settle(HOST);
    await bench.add(await bench.list({ refreshIntervalSeconds: 3_600 }), HOST);
    await bench.work();
    move(HOST);
    const before = bench.dataCalls();
    const since = bench.now;
    const ends = await Promise.all(Array.from({ length: 4 }, () => bench.run(HOST, { since })));
    expect(ends.map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done']);
    expect(await story()).toEqual(MOVED);
    expect(bench.dataCalls() - before).toBe(2);
    await bench.run(HOST, { since });
    expect(bench.dataCalls() - before).toBe(2);
    expect(await story()).toEqual(MOVED);
  });

  it('tells what is true of an address: names that came and went', async () => {
    world.simulator.setHosts('192.0.2.9', ['one.example.com', 'two.example.com']);
    await bench.add(await bench.list({ refreshIntervalSeconds: 86_400 }), '192.0.2.9');
    await bench.work();
    world.simulator.setHosts('192.0.2.9', ['two.example.com', 'three.example.com']);
    bench.pass(2);
    await bench.work();
    expect(await story()).toEqual(['ADDED three.example.com', 'ENDED one.example.com']);
  });

  it('keeps what was read when another of its questions failed, and asks only that again', async () => {
    settle(HOST);
    await bench.add(await bench.list({ refreshIntervalSeconds: 3_600 }), HOST);
    await bench.work();
    move(HOST);
    const undo = world.simulator.fault({
      kind: 'status',
      status: 503,
      match: { host: HOST, recordType: 'aaaa' },
    });
    const since = bench.now;
    expect(await bench.run(HOST, { since })).toEqual({ kind: 'retry', code: 'server' });
    expect(await story()).toEqual(MOVED);
    undo();
    const before = bench.dataCalls();
    expect(await bench.run(HOST, { since })).toEqual({ kind: 'done' });
    expect(bench.dataCalls() - before).toBe(1);
    expect(await story()).toEqual(MOVED);
    expect(await bench.watched(HOST)).toMatchObject({ state: 'FRESH', lastChangeAt: since });
  });

  it('backs off when its last attempt failed, with what upstream said as a code', async () => {
    settle(HOST);
    await bench.add(await bench.list({ refreshIntervalSeconds: 3_600 }), HOST);
    world.simulator.fault({ kind: 'shape', match: { host: HOST } });
    await bench.tick();
    expect(await bench.drain()).toEqual(['give_up']);
    expect(await bench.watched(HOST)).toMatchObject({
      state: 'FAILING',
      lastError: 'shape',
      consecutiveFailures: 1,
    });
    expect((await bench.tick()).enqueued).toBe(0);
  });
});

describe('a worker that is killed', () => {
  it('loses nothing and doubles nothing, whatever command it got to', async () => {
    const cuts: number[] = [];
    for (let most = 0; cuts.length === most; most += 1) {
      const host = `cut${most}.example.com`;
      settle(host);
      bench = await world.begin();
      await bench.add(await bench.list({ refreshIntervalSeconds: 86_400 }), host);
      await bench.work();
      move(host);
      const since = bench.now;
      const before = bench.dataCalls();
      if (await isKilled(host, most)) {
        cuts.push(most);
      }
      expect(await bench.run(host, { since })).toEqual({ kind: 'done' });
      expect({ most, story: await story() }).toEqual({ most, story: MOVED });
      expect({ most, calls: bench.dataCalls() - before }).toEqual({ most, calls: 2 });
      expect(await bench.watched(host)).toMatchObject({
        state: 'FRESH',
        lastRefreshedAt: since,
        lastChangeAt: since,
        consecutiveFailures: 0,
      });
    }
    // Who watches it, what halts it, what was known, both histories, and when it is due again.
    expect(cuts.length).toBeGreaterThan(8);
  }, 12_000);
});

/** Does a refresh on a connection that is cut before command number `most` + 1. */
async function isKilled(host: string, most: number): Promise<boolean> {
  const redis = bench.redis.duplicate();
  await redis.ping();
  cutAfter(redis, most);
  const watching = bench.open(redis, {}, bench.watching.ledger);
  try {
    await bench.refreshRun(watching).run(bench.job(host), false);
    return false;
  } catch {
    return true;
  } finally {
    redis.disconnect();
  }
}

/**
 * From then on no command leaves this process, as if it were dead; what nobody waits for is free. A
 * pipeline leaves as a whole or not at all.
 */
function cutAfter(redis: Redis, most: number): void {
  const send = redis.sendCommand.bind(redis);
  let sent = 0;
  redis.sendCommand = (command: Command, ...rest) => {
    const counts = command.name !== 'publish' && (command.pipelineIndex ?? 0) === 0;
    sent += counts ? 1 : 0;
    if (sent > most) {
      command.reject(new Error('cut'));
      return command.promise;
    }
    return send(command, ...rest);
  };
}
