import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Cluster, Redis } from 'ioredis';

import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import { killScript, startScript } from '../support/typescript-process.js';
import {
  ACTOR,
  domain,
  hosts,
  START,
  valueOf,
  watchWorld,
  watchWorldOn,
} from '../support/watch-world.js';
import type { WatchWorld, WatchWorldOptions } from '../support/watch-world.js';

const HOUR = 3_600_000;
const AT_ONCE = { tuning: { firstFetchGapMs: 0 } };
let server: RedisServer;
const worlds: WatchWorld[] = [];

beforeAll(async () => {
  server = await startRedis();
});

afterAll(async () => {
  for (const { redis } of worlds) {
    redis.disconnect();
  }
  await server.stop();
});

function join(options: WatchWorldOptions = AT_ONCE): WatchWorld {
  const world = watchWorld(server.url, options);
  worlds.push(world);
  return world;
}

async function open(options?: WatchWorldOptions): Promise<WatchWorld> {
  const world = join(options);
  await world.redis.flushall();
  return world;
}

async function newList(world: WatchWorld, name: string, over = {}): Promise<string> {
  return valueOf(await world.lists.create({ name, ...over }, ACTOR)).id;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Spread over a time, and the same ones in every run: what fails can be run again. */
function* moments(count: number, upTo: number): Generator<number> {
  for (let index = 0; index < count; index += 1) {
    yield ((index * 618) % 1_000) * (upTo / 1_000);
  }
}

describe('claims', () => {
  it('of many workers at once take every due observable once', async () => {
    const world = await open();
    const list = await newList(world, 'one');
    valueOf(await world.members.add(list, hosts(1_000), ACTOR));
    const workers = Array.from({ length: 6 }, () => join());
    const taken: string[] = [];
    const work = async ({ schedule }: WatchWorld) => {
      while (taken.length < 1_000) {
        const claims = await schedule.claimDue(START, 17);
        taken.push(...claims.map(({ observable }) => observable.value));
      }
    };
    await Promise.all(workers.map(work));
    expect(taken).toHaveLength(1_000);
    expect(new Set(taken).size).toBe(1_000);
    await expect(world.schedule.claimDue(START, 10)).resolves.toEqual([]);
  });

  it('put high before low, the first fetch before the refresh, and let low work move', async () => {
    const world = await open();
    const high = await newList(world, 'high', { priority: 'HIGH' });
    const low = await newList(world, 'low', { priority: 'LOW' });
    valueOf(await world.members.add(high, hosts(300), ACTOR));
    valueOf(await world.members.add(low, hosts(10, 1_000), ACTOR));
    for (const { observable } of hosts(10, 1_000)) {
      await world.schedule.settle(observable, { outcome: 'ok', at: START - 48 * HOUR });
    }
    const claims = await world.schedule.claimDue(START, 100);
    const lows = claims.filter(({ priority }) => priority === 'LOW');
    expect(lows.length).toBeGreaterThan(0);
    expect(lows.length).toBeLessThan(10);
    expect(claims.slice(-lows.length)).toEqual(lows);
    expect(claims.filter(({ first }) => first)).toHaveLength(100 - lows.length);
  });

  it('leave alone what is paused, expired, put off, or on a disabled list', async () => {
    const world = await open();
    const [list, off] = [await newList(world, 'on'), await newList(world, 'off')];
    const ends = { observable: domain('ends.example'), expiresAt: START + 1 };
    const paused = { observable: domain('paused.example'), paused: true };
    const wishes = [ends, paused, { observable: domain('put-off.example') }];
    valueOf(await world.members.add(list, wishes, ACTOR));
    valueOf(await world.members.add(off, hosts(5), ACTOR));
    valueOf(await world.lists.update(off, { enabled: false }));
    const end = { outcome: 'waiting', reason: 'budget', at: START, nextAt: START + HOUR } as const;
    await world.schedule.settle(domain('put-off.example'), end);
    await expect(world.schedule.claimDue(START + 1, 100)).resolves.toEqual([]);
    const [places] = await world.reader.watchedBy([domain('put-off.example')]);
    expect(places).toMatchObject([
      { state: 'PENDING', waitingFor: 'budget', lastError: null, consecutiveFailures: 0 },
    ]);
    const later = await world.schedule.claimDue(START + HOUR, 100);
    expect(later.map(({ observable }) => observable.value)).toEqual(['put-off.example']);
  });

  it('say what an operator asked for, and at what interval it is refreshed', async () => {
    const world = await open();
    const [day, hours] = [
      await newList(world, 'a'),
      await newList(world, 'b', { refreshIntervalSeconds: 7_200 }),
    ];
    valueOf(await world.members.add(day, hosts(2), ACTOR));
    valueOf(await world.members.add(hours, hosts(1), ACTOR));
    const name = domain('host0.example.com');
    for (const { observable } of hosts(2)) {
      await world.schedule.settle(observable, { outcome: 'ok', at: START - 1 });
    }
    await expect(world.members.expedite([name])).resolves.toBe(1);
    const [places] = await world.reader.watchedBy([name]);
    expect(places).toMatchObject(
      [day, hours].map((watchlistId) => ({ watchlistId, lastError: null, waitingFor: null })),
    );
    await expect(world.schedule.claimDue(START, 10)).resolves.toMatchObject([
      { observable: name, asked: true, first: false, intervalMs: 2 * HOUR },
    ]);
    await world.schedule.settle(name, { outcome: 'ok', at: START });
    await expect(world.schedule.claimDue(START + 3 * HOUR, 10)).resolves.toMatchObject([
      { observable: name, asked: false },
    ]);
  });

  it('come back when nobody settles them in time', async () => {
    const world = await open({ tuning: { firstFetchGapMs: 0, leaseMs: 1_000 } });
    valueOf(await world.members.add(await newList(world, 'one'), hosts(3), ACTOR));
    const claims = await world.schedule.claimDue(START, 10);
    expect(claims.map(({ leaseUntil }) => leaseUntil)).toEqual(claims.map(() => START + 1_000));
    await world.schedule.settle(domain('host1.example.com'), { outcome: 'ok', at: START });
    await expect(world.schedule.requeueExpiredLeases(START + 999)).resolves.toBe(0);
    await expect(world.schedule.requeueExpiredLeases(START + 1_000)).resolves.toBe(2);
    const again = await world.schedule.claimDue(START + 1_000, 10);
    expect(again.map(({ observable }) => observable.value).toSorted()).toEqual([
      'host0.example.com',
      'host2.example.com',
    ]);
    const [places] = await world.reader.watchedBy([domain('host1.example.com')]);
    expect(places).toMatchObject([{ state: 'FRESH' }]);
  });

  it('are foretold by the count of what is due, with its oldest', async () => {
    const world = await open();
    const high = await newList(world, 'high', { priority: 'HIGH' });
    valueOf(await world.members.add(high, hosts(3), ACTOR));
    valueOf(await world.members.add(await newList(world, 'normal'), hosts(2, 10), ACTOR));
    await world.schedule.settle(domain('host0.example.com'), { outcome: 'ok', at: START });
    await expect(world.schedule.dueCount(START + 5)).resolves.toEqual({
      byPriority: { HIGH: 2, NORMAL: 2, LOW: 0 },
      total: 4,
      oldestDueAt: START,
    });
    await world.members.expedite([domain('host0.example.com'), domain('other.example')]);
    await expect(world.schedule.dueCount(START)).resolves.toMatchObject({ total: 5 });
  });

  it('of what was added at one moment spread over time', async () => {
    const world = await open({});
    valueOf(await world.members.add(await newList(world, 'one'), hosts(2_000), ACTOR));
    const counts = [];
    for (const share of [0, 0.25, 0.5, 1]) {
      counts.push((await world.schedule.dueCount(START + share * 2_000 * 500)).total);
    }
    expect(counts[0]).toBeLessThan(10);
    expect(counts[1]).toBeGreaterThan(400);
    expect(counts[1]).toBeLessThan(600);
    expect(counts[3]).toBe(2_000);
  });
});

describe('a process that is killed', () => {
  it('adds all observables of a call or none', async () => {
    const counts: number[] = [];
    for (const delay of moments(6, 350)) {
      const world = await open();
      const list = await newList(world, 'one');
      const child = await startScript('watch-process', [server.url, 'add', list, '5000']);
      await pause(delay);
      await killScript(child);
      // Any other process does what was accepted.
      await join().rollForward.run();
      const [found] = await world.lists.findMany([list]);
      counts.push(found ? await world.reader.count(found) : NaN);
    }
    expect(counts.filter((count) => count !== 0 && count !== 5_000)).toEqual([]);
  }, 20_000);

  it('in the middle of deleting a list leaves the rest to another', async () => {
    const world = await open();
    const list = await newList(world, 'one');
    valueOf(await world.members.add(list, hosts(5_000), ACTOR));
    const victim = join();
    const deletion = victim.lists.delete(list).catch(() => undefined);
    await pause(20);
    victim.redis.disconnect();
    await deletion;
    await world.rollForward.run();
    await expect(world.redis.keys('{st}:w:*')).resolves.toEqual(['{st}:w:last-number']);
  });

  it('loses nothing that it had claimed', async () => {
    const world = await open();
    const list = await newList(world, 'one');
    valueOf(await world.members.add(list, hosts(1_500), ACTOR));
    const args = [server.url, 'work', list];
    let workers = await Promise.all([0, 1].map(() => startScript('watch-process', args)));
    let kills = 0;
    for (const delay of moments(8, 200)) {
      await pause(delay);
      const [victim, ...others] = workers;
      if (victim) {
        await killScript(victim);
        kills += 1;
        workers = [...others, await startScript('watch-process', args)];
      }
    }
    const end = Date.now() + 8_000;
    while ((await world.redis.hlen('refreshed')) < 1_500 && Date.now() < end) {
      await pause(50);
    }
    await Promise.all(workers.map(killScript));
    const times = (await world.redis.hvals('refreshed')).map(Number);
    expect(times).toHaveLength(1_500);
    // At most what a killed one held is done again: ten a claim.
    expect(times.reduce((sum, count) => sum + count - 1, 0)).toBeLessThanOrEqual(10 * kills);
  }, 20_000);
});

describe('a cluster of Redis', () => {
  it('serves lists, pages, claims and counts all the same', async () => {
    const args = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
    const node = await startRedis({ args });
    const direct = new Redis(node.url);
    await direct.call('cluster', 'addslotsrange', '0', '16383');
    while (!String(await direct.call('cluster', 'info')).includes('cluster_state:ok')) {
      await pause(20);
    }
    const redis = new Cluster([{ host: '127.0.0.1', port: node.port }]);
    try {
      const world = watchWorldOn(redis, AT_ONCE);
      const list = valueOf(await world.lists.create({ name: 'one' }, ACTOR));
      valueOf(await world.members.add(list.id, hosts(1_200), ACTOR));
      expect((await world.reader.page(list, { first: 5 })).items).toHaveLength(5);
      await expect(world.schedule.claimDue(START, 7)).resolves.toHaveLength(7);
      await expect(world.reader.summaries([list])).resolves.toMatchObject([
        { total: 1_200, byState: { PENDING: 1_193, REFRESHING: 7 } },
      ]);
      valueOf(await world.lists.delete(list.id));
    } finally {
      redis.disconnect();
      direct.disconnect();
      await node.stop();
    }
  });
});
