import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  BreakerStore,
  Cache,
  LocalInvalidationBus,
  RedisFlightBoard,
  RedisInvalidationBus,
  RedisStore,
} from '#cache';
import type { CacheOptions, Fetched, InvalidationBus, Loaded, LoadPlan } from '#cache';
import { closeRedis, connectRedis, requestPathRedis, subscriberRedis } from '#platform';
import type { RedisClient } from '#platform';

import { ageRedis } from '../support/age-redis.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';

const CROWD = 1_000;
const HOUR_MS = 3_600_000;

interface Process {
  readonly cache: Cache<string>;
  readonly bus: InvalidationBus;
  readonly redis: RedisClient;
  readonly troubles: string[];
}

let server: RedisServer;
const clients: RedisClient[] = [];

beforeAll(async () => {
  server = await startRedis();
});

beforeEach(async () => {
  await (await open(requestPathRedis)).flushall();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => closeRedis(client, 100)));
});

afterAll(async () => {
  await server.stop();
});

async function open(opener: typeof requestPathRedis): Promise<RedisClient> {
  const client = opener(server.url);
  clients.push(client);
  await connectRedis(client);
  return client;
}

/** What one process has: connections, a store, a board, a bus and a cache of its own. */
async function startProcess(options: Partial<CacheOptions<string>> = {}): Promise<Process> {
  const [redis, subscriber] = [await open(requestPathRedis), await open(subscriberRedis)];
  const bus = options.bus ?? new RedisInvalidationBus(redis, subscriber);
  const troubles: string[] = [];
  const cache = new Cache<string>({
    store: new BreakerStore(new RedisStore(redis), { failures: 5, retryAfterMs: 100 }),
    board: new RedisFlightBoard(redis),
    bus,
    codec: { encode: (value) => Buffer.from(value), decode: (body) => body.toString() },
    failures: { encode: (error) => (error as Error).message, decode: (text) => new Error(text) },
    clock: Date.now,
    random: Math.random,
    memoryEntries: 1_000,
    onTrouble: (trouble) => troubles.push(trouble),
    ...options,
  });
  await until(() => bus.connected);
  return { cache, bus, redis, troubles };
}

/** Waits for the condition, five seconds at most. */
async function until(condition: () => unknown): Promise<void> {
  const end = performance.now() + 5_000;
  while (!(await condition())) {
    if (performance.now() > end) {
      throw new Error(`it did not come: ${String(condition)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Counts its calls; each brings the next value, after `gate`, or fails. */
class Origin {
  calls = 0;
  gate: Promise<unknown> = Promise.resolve();
  failure: Error | undefined;

  readonly fetch = async (): Promise<Fetched<string>> => {
    this.calls += 1;
    const value = `value ${this.calls}`;
    await this.gate;
    if (this.failure !== undefined) {
      throw this.failure;
    }
    return { value, negative: false, freshMs: HOUR_MS, keepMs: 2 * HOUR_MS };
  };

  readonly plan: LoadPlan<string> = { satisfies: () => true, fetch: this.fetch };
  readonly freshPlan: LoadPlan<string> = { satisfies: () => false, fetch: this.fetch };
}

function crowd(plan: LoadPlan<string>, ...processes: Process[]): Promise<Loaded<string>>[] {
  return Array.from({ length: CROWD }, (_, index) => {
    const process = processes[index % processes.length];
    return process?.cache.load('key', plan) ?? Promise.reject(new Error('no process'));
  });
}

describe('two caches on one Redis', () => {
  it('serve a crowd by one fetch', async () => {
    const [one, two] = [await startProcess(), await startProcess()];
    const origin = new Origin();
    const loaded = await Promise.all(crowd(origin.plan, one, two));
    expect(origin.calls).toBe(1);
    expect(new Set(loaded.map(({ entry }) => entry.value))).toEqual(new Set(['value 1']));
    expect(loaded.filter(({ fetched }) => fetched)).toHaveLength(1);
  });

  it('let a crowd share the failure of one fetch', async () => {
    const [one, two] = [await startProcess(), await startProcess()];
    const origin = new Origin();
    origin.failure = new Error('upstream is away');
    const settled = await Promise.allSettled(crowd(origin.plan, one, two));
    const reasons = settled.map((end) =>
      end.status === 'rejected' ? (end.reason as Error).message : 'none',
    );
    expect(new Set(reasons)).toEqual(new Set(['upstream is away']));
    expect(origin.calls).toBe(1);
  });

  it('tell one another of a write within a second', async () => {
    const [one, two] = [await startProcess(), await startProcess()];
    const origin = new Origin();
    await one.cache.load('key', origin.plan);
    await two.cache.peek(['key']);
    expect(two.cache.peekMemory('key')?.value).toBe('value 1');
    await one.cache.load('key', origin.freshPlan);
    const written = performance.now();
    await until(async () => (await two.cache.peek(['key']))[0]?.value === 'value 2');
    expect(performance.now() - written).toBeLessThan(1_000);
    expect(one.cache.peekMemory('key')?.value).toBe('value 2');
  });

  it('tell one another of what was dropped', async () => {
    const [one, two] = [await startProcess(), await startProcess()];
    await one.cache.load('key', new Origin().plan);
    await two.cache.peek(['key']);
    await expect(one.cache.drop(['key'])).resolves.toBe(1);
    await until(() => two.cache.peekMemory('key') === undefined);
    await expect(two.cache.peek(['key'])).resolves.toEqual([undefined]);
  });

  it('see each other’s writes within a second without a bus', async () => {
    const untold = {
      connected: false,
      publish: () => Promise.resolve(),
      subscribe: () => undefined,
    };
    let now = Date.now();
    const one = await startProcess({ bus: new LocalInvalidationBus() });
    const [redis, board] = [one.redis, new RedisFlightBoard(one.redis)];
    const two = new Cache<string>({
      store: new RedisStore(redis),
      board,
      bus: untold,
      codec: { encode: (value) => Buffer.from(value), decode: (body) => body.toString() },
      failures: { encode: String, decode: (text) => new Error(text) },
      clock: () => now,
      random: Math.random,
      memoryEntries: 10,
      onTrouble: () => undefined,
    });
    const origin = new Origin();
    await one.cache.load('key', origin.plan);
    await two.peek(['key']);
    await one.cache.load('key', origin.freshPlan);
    expect(two.peekMemory('key')?.value).toBe('value 1');
    now += 1_000;
    await expect(two.peek(['key'])).resolves.toMatchObject([{ value: 'value 2' }]);
  });

  it('never put an older answer over a newer one', async () => {
    const [awake, asleep] = [
      await startProcess(),
      await startProcess({ clock: () => Date.now() - 60_000 }),
    ];
    await awake.cache.load('key', new Origin().plan);
    const late = new Origin();
    late.calls = 100;
    await asleep.cache.load('key', late.freshPlan);
    await expect(asleep.cache.peek(['key'])).resolves.toMatchObject([{ value: 'value 1' }]);
    await expect(awake.cache.peek(['key'])).resolves.toMatchObject([{ value: 'value 1' }]);
  });
});

describe('a process that vanishes while it fetches', () => {
  it('is replaced when its lease has ended', async () => {
    const [leader, other] = [await startProcess(), await startProcess()];
    const lost = new Origin();
    const end = Promise.withResolvers<undefined>();
    lost.gate = end.promise;
    const first = leader.cache.load('key', lost.plan);
    await until(async () => (await other.redis.exists('st:lease:key')) === 1);
    leader.redis.disconnect();
    const origin = new Origin();
    const load = other.cache.load('key', origin.plan);
    await until(() => other.cache.gauges.flights === 1);
    expect(origin.calls).toBe(0);
    await ageRedis(other.redis, 15_000);
    await expect(load).resolves.toMatchObject({ entry: { value: 'value 1' }, fetched: true });
    expect(origin.calls).toBe(1);
    end.resolve(undefined);
    await expect(first).resolves.toMatchObject({ fetched: true });
  });
});

describe('a loss of Redis', () => {
  it('leaves what is in memory to be served, until Redis is back', async () => {
    const { cache, bus, redis } = await startProcess();
    await cache.load('key', new Origin().plan);
    expect(cache.gauges.memoryEntries).toBe(1);
    await server.kill();
    await until(() => !bus.connected);
    await expect(cache.peek(['key'])).resolves.toMatchObject([{ value: 'value 1' }]);
    await server.restart();
    await until(() => bus.connected && redis.status === 'ready');
    expect(cache.gauges.memoryEntries).toBe(0);
    await expect(cache.peek(['key'])).resolves.toEqual([undefined]);
  });

  it('costs a crowd one fetch a process, and what was fetched meanwhile is served', async () => {
    const one = await startProcess();
    await server.kill();
    await until(() => !one.bus.connected && one.redis.status !== 'ready');
    const origin = new Origin();
    const loaded = await Promise.all(crowd(origin.plan, one));
    expect(loaded).toHaveLength(CROWD);
    expect(origin.calls).toBe(1);
    await expect(one.cache.peek(['key'])).resolves.toMatchObject([{ value: 'value 1' }]);
    expect(new Set(one.troubles)).toEqual(new Set(['board', 'read', 'write', 'bus']));
    await server.restart();
    await until(() => one.bus.connected);
  });

  it('costs little time while Redis is frozen', async () => {
    const { cache } = await startProcess();
    server.freeze();
    const begun = performance.now();
    await expect(cache.load('key', new Origin().plan)).resolves.toMatchObject({ fetched: true });
    expect(performance.now() - begun).toBeLessThan(2_000);
    server.thaw();
  });

  it('does not end a subscription that Redis was killed under', async () => {
    const [one, two] = [await startProcess(), await startProcess()];
    await server.kill();
    await until(() => !one.bus.connected && !two.bus.connected);
    await server.restart();
    await until(() => one.bus.connected && two.bus.connected && one.redis.status === 'ready');
    await until(() => two.redis.status === 'ready');
    const origin = new Origin();
    await until(async () => (await one.redis.ping().catch(() => '')) === 'PONG');
    await one.cache.load('key', origin.plan);
    await two.cache.peek(['key']);
    await one.cache.load('key', origin.freshPlan);
    await until(async () => (await two.cache.peek(['key']))[0]?.value === 'value 2');
    expect(origin.calls).toBe(2);
  });
});
