import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { Lane } from '#governor';
import { Governor, GovernorError, RedisPacer, RedisQuotaCircuit } from '#governor';
import { closeRedis, connectRedis, requestPathRedis } from '#platform';
import type { RedisClient } from '#platform';

import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';

/** Upstream counts over a second. */
const SECOND_MS = 1_000;
const clients: RedisClient[] = [];
let server: RedisServer;
let tenants = 0;

beforeAll(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => closeRedis(client, 100)));
});

afterAll(async () => {
  await server.stop();
});

interface Process {
  readonly redis: RedisClient;
  readonly pacer: RedisPacer;
  readonly governor: Governor;
  readonly troubles: unknown[];
}

/** What one process has: a connection, a pacer and a governor of its own. */
async function startProcess(perSecond: number, processes = 2): Promise<Process> {
  const redis = requestPathRedis(server.url);
  clients.push(redis);
  await connectRedis(redis);
  const troubles: unknown[] = [];
  const pacer = new RedisPacer({ redis, perSecond, processes });
  const governor = new Governor({
    pacer,
    circuit: new RedisQuotaCircuit(redis, Date.now),
    clock: Date.now,
    onTrouble: (error) => troubles.push(error),
  });
  return { redis, pacer, governor, troubles };
}

/**
 * Every command that Redis runs, one a line. By hand, because ioredis fails when the first one comes
 * with the answer to MONITOR.
 */
async function startMonitor(
  port: number,
): Promise<AsyncDisposable & { readonly lines: readonly string[] }> {
  const socket = connect(port, '127.0.0.1');
  const lines: string[] = [];
  const reader = createInterface({ input: socket });
  reader.on('line', (line) => lines.push(line));
  socket.write('MONITOR\r\n');
  await once(reader, 'line');
  return {
    lines,
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      await once(socket, 'close');
    },
  };
}

function newTenant(): string {
  tenants += 1;
  return String(tenants).padStart(32, '0');
}

/** Enters so many times at once and returns the instants of the turns, in order. */
async function enter(
  { governor }: Process,
  turn: { readonly tenant: string; readonly lane: Lane },
  times: number,
): Promise<number[]> {
  return Promise.all(
    Array.from({ length: times }, async () => {
      await governor.enter(turn);
      return performance.now();
    }),
  );
}

describe('two processes with one key', () => {
  it('take no more turns in any second than the rate, by the clock of Redis', async () => {
    const [one, two] = [await startProcess(20), await startProcess(20)];
    const tenant = newTenant();
    const push = new RegExp(`"lpush" "st:rate:\\{${tenant}\\}" "([\\d.]+)"`, 'i');
    await using monitor = await startMonitor(server.port);
    const turnsSoFar = () =>
      monitor.lines.flatMap((line) => {
        const at = push.exec(line)?.[1];
        return at === undefined ? [] : Number(at);
      });
    const begun = performance.now();
    const call = { tenant, lane: 'interactive' } as const;
    await Promise.all([enter(one, call, 30), enter(two, call, 30)]);
    // 20 at once, 20 a window later, 20 another one later.
    expect(performance.now() - begun).toBeGreaterThan(2 * SECOND_MS);
    await until(() => turnsSoFar().length === 60);
    const turns = turnsSoFar();
    const most = turns.map((at) => turns.filter((t) => t >= at && t < at + SECOND_MS).length);
    expect(Math.max(...most)).toBe(20);
  });

  it('let the background wait until the analysts have had their turns', async () => {
    const [relay, worker] = [await startProcess(5), await startProcess(5)];
    const tenant = newTenant();
    await enter(relay, { tenant, lane: 'interactive' }, 5);
    const analysts = enter(relay, { tenant, lane: 'interactive' }, 5);
    // The first of them has been told to wait once Redis knows of its wish.
    await until(async () => (await relay.redis.exists(`st:rate:{${tenant}}:wanted`)) === 1);
    const background = enter(worker, { tenant, lane: 'background' }, 1);
    const [last = Infinity] = (await analysts).slice(-1);
    const [first = 0] = await background;
    expect(first).toBeGreaterThan(last);
  });

  it('both wait when one of them was throttled', async () => {
    const [one, two] = [await startProcess(50), await startProcess(50)];
    const tenant = newTenant();
    await one.governor.throttled(tenant, 300);
    const begun = performance.now();
    const [turn = 0] = await enter(two, { tenant, lane: 'interactive' }, 1);
    expect(turn - begun).toBeGreaterThan(250);
  });

  it('both stop when one of them learns that the quota is used up, and both go on', async () => {
    const [one, two] = [await startProcess(50), await startProcess(50)];
    const call = { tenant: newTenant(), lane: 'interactive' } as const;
    await one.governor.quotaExhausted(call.tenant);
    await expect(two.governor.enter(call)).rejects.toMatchObject({ code: 'quota_exhausted' });
    await expect(two.governor.enter(call)).rejects.toBeInstanceOf(GovernorError);
    await two.governor.quotaRestored(call.tenant);
    await expect(one.governor.enter(call)).resolves.toBeUndefined();
  });
});

describe('while Redis is away', () => {
  it('a process keeps to its share of the rate, over both lanes', async () => {
    const process = await startProcess(20, 2);
    const tenant = newTenant();
    await withoutRedis(process, async () => {
      const begun = performance.now();
      await Promise.all([
        enter(process, { tenant, lane: 'interactive' }, 3),
        enter(process, { tenant, lane: 'background' }, 3),
      ]);
      // Ten a second, evenly: five spaces of 100 ms between six turns.
      expect(performance.now() - begun).toBeGreaterThan(450);
    });
  });

  it('a process honours the throttle that it was told itself', async () => {
    const process = await startProcess(1_000, 1);
    const tenant = newTenant();
    await withoutRedis(process, async () => {
      await process.governor.throttled(tenant, 300);
      expect(process.troubles).toHaveLength(1);
      const begun = performance.now();
      const [turn = 0] = await enter(process, { tenant, lane: 'interactive' }, 1);
      expect(turn - begun).toBeGreaterThan(250);
    });
  });

  it('a process honours the end of the quota that it was told itself', async () => {
    const process = await startProcess(50);
    const call = { tenant: newTenant(), lane: 'interactive' } as const;
    await withoutRedis(process, async () => {
      await process.governor.quotaExhausted(call.tenant);
      await expect(process.governor.enter(call)).rejects.toMatchObject({ code: 'quota_exhausted' });
    });
  });

  it('and back, the pacer goes on over all processes', async () => {
    const process = await startProcess(1);
    const tenant = newTenant();
    await withoutRedis(process, () => enter(process, { tenant, lane: 'interactive' }, 1));
    await until(() => process.redis.status === 'ready');
    await enter(process, { tenant, lane: 'interactive' }, 1);
    await expect(process.redis.exists(`st:rate:{${tenant}}`)).resolves.toBe(1);
  });
});

async function withoutRedis(process: Process, run: () => Promise<unknown>): Promise<void> {
  await server.kill();
  await until(() => process.redis.status !== 'ready');
  try {
    await run();
  } finally {
    await server.restart();
  }
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
