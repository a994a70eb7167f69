import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { closeRedis, connectRedis, workerRedis } from '#platform';
import type { RedisClient } from '#platform';

import {
  cursorOf,
  HistoryWatch,
  MemoryChangeStore,
  RedisChangeStore,
  RedisHistoryStore,
} from '#changes';
import type { ChangeStore, Look, StoredChange } from '#changes';
import { changeStoreContract } from '../contract/change-store.contract.js';
import type { LookProcessArguments } from '../support/look-process.js';
import { lookAt } from '../support/moving-names.js';
import type { MovingNames } from '../support/moving-names.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';

const TENANT = '0123456789abcdef0123456789abcdef';
const KEEP = { most: 1_000_000, keepMs: 1e15 };

let server: RedisServer;
let redis: RedisClient;
let other: RedisClient;

beforeAll(async () => {
  server = await startRedis();
  [redis, other] = [workerRedis(server.url), workerRedis(server.url)];
  await Promise.all([connectRedis(redis), connectRedis(other)]);
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  await Promise.all([closeRedis(redis), closeRedis(other)]);
  await server.stop();
});

changeStoreContract(async (retention) => {
  await redis.flushall();
  return {
    histories: new RedisHistoryStore(redis, retention),
    changes: new RedisChangeStore(redis, retention),
  };
});

async function everything(store: ChangeStore): Promise<readonly StoredChange[]> {
  const changes: StoredChange[] = [];
  let page = await store.page({ tenant: TENANT, first: 1_000 });
  changes.push(...page.changes);
  while (page.hasMore) {
    page = await store.page({ tenant: TENANT, first: 1_000, after: cursorOf(changes.at(-1)!) });
    changes.push(...page.changes);
  }
  return changes.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What looks in their order come to, without Redis. */
async function expected(looks: readonly Look[]): Promise<readonly StoredChange[]> {
  const store = new MemoryChangeStore(KEEP);
  const watch = new HistoryWatch(store);
  for (const look of looks) {
    await watch.apply(look);
  }
  return everything(store);
}

function looksAt(world: MovingNames): readonly Look[] {
  return Array.from({ length: world.days }, (_, day) => day).flatMap((day) =>
    Array.from({ length: world.names }, (_, name) => lookAt(world, name, day)),
  );
}

describe('what is kept in Redis', () => {
  it('has one hash tag in all its keys, and leaves no index behind when all changes are gone', async () => {
    const [histories, changes] = [
      new RedisHistoryStore(redis, KEEP),
      new RedisChangeStore(redis, { most: 1, keepMs: 1 }),
    ];
    const watch = new HistoryWatch(histories);
    for (const look of looksAt({ tenant: TENANT, names: 4, days: 60 })) {
      await watch.apply(look);
    }
    const ids = (await everything(changes)).map(({ id }) => id);
    await changes.acknowledge({ tenant: TENANT, ids, by: 'ana', at: 1 });
    const keys = await redis.keys('*');
    expect(keys.filter((key) => !key.startsWith(`{st}:c:${TENANT}:`))).toEqual([]);
    // Histories, their observables, lists; then all, bodies and acknowledgements.
    expect(keys).toHaveLength(4 + 4 + 4 + 3);
    while ((await changes.trim(TENANT, Date.parse('2030-01-01'))) > 0) {
      // Each call removes a bounded number.
    }
    expect((await redis.keys('*')).sort()).toEqual(
      [0, 1, 2, 3].map((name) => `{st}:c:${TENANT}:k:domain:A:host-${name}.example.com`),
    );
  });

  it('is refused when it is not a history', async () => {
    const look = lookAt({ tenant: TENANT, names: 1, days: 1 }, 0, 0);
    await redis.set(`{st}:c:${TENANT}:k:domain:A:host-0.example.com`, 'something else');
    const watch = new HistoryWatch(new RedisHistoryStore(redis, KEEP));
    await expect(watch.apply(look)).rejects.toMatchObject({ code: 'history_unreadable' });
  });
});

describe('two workers', () => {
  const world: MovingNames = { tenant: TENANT, names: 2, days: 30 };
  const looks = looksAt(world);
  const schedules = fc.array(
    fc.record({ look: fc.nat(looks.length - 1), worker: fc.nat(1), waits: fc.boolean() }),
    { maxLength: 60 },
  );

  it('write one change for each fact, however their looks and retries interleave', async () => {
    const workers = [redis, other].map(
      (client) => new HistoryWatch(new RedisHistoryStore(client, KEEP)),
    );
    const whole = await expected(looks);
    expect(whole.length).toBeGreaterThan(4);
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        await redis.flushall();
        const applied = new Map<string, Look>();
        const results: Promise<unknown>[] = [];
        const written: string[] = [];
        for (const { look: index, worker, waits } of schedule) {
          const look = looks[index]!;
          const result = workers[worker]!.apply(look).then(({ outcome, changes }) => {
            written.push(...changes.map(({ id }) => id));
            if (outcome !== 'outdated') {
              applied.set(`${look.at} ${look.observable.value}`, look);
            }
          });
          results.push(result);
          await (waits ? result : undefined);
        }
        await Promise.all(results);
        const inOrder = [...applied.values()].sort((a, b) => a.at - b.at);
        const kept = await everything(new RedisChangeStore(redis, KEEP));
        expect(kept).toEqual(await expected(inOrder));
        expect(written.sort()).toEqual(kept.map(({ id }) => id).sort());
      }),
      { numRuns: 60 },
    );
  });
});

describe('workers that are killed', () => {
  const world: MovingNames = { tenant: TENANT, names: 24, days: 150 };
  const KILLS = 20;

  function start(): ChildProcess {
    const file = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));
    const hooks = new URL('../support/typescript-sources.mjs', import.meta.url).href;
    const args: LookProcessArguments = [server.url, JSON.stringify(world)];
    return spawn(
      process.execPath,
      [
        '--conditions=source',
        '--disable-warning=ExperimentalWarning',
        `--import=${hooks}`,
        file('look-process.ts'),
        ...args,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
  }

  /** One worker's life: started, and killed at a random moment of its work, or done before. */
  async function live(): Promise<'killed' | 'done'> {
    const child = start();
    const exited = once(child, 'exit');
    await Promise.race([once(child.stdout!, 'data'), exited]);
    await Promise.race([exited, delay(Math.random() * 150)]);
    child.kill('SIGKILL');
    const [code, signal] = (await exited) as [number | null, string | null];
    expect(code ?? signal).toBe(signal === null ? 0 : 'SIGKILL');
    return signal === null ? 'done' : 'killed';
  }

  it('leave neither a change undone nor one done twice', async () => {
    let kills = 0;
    while (kills < KILLS) {
      const ends = await Promise.all([live(), live()]);
      kills += ends.filter((end) => end === 'killed').length;
      if (ends.includes('done')) {
        break;
      }
    }
    expect(kills).toBeGreaterThan(1);
    const last = start();
    expect(await once(last, 'exit')).toEqual([0, null]);
    const whole = await expected(looksAt(world));
    const store = new RedisChangeStore(redis, KEEP);
    expect(await everything(store)).toEqual(whole);
    await expect(store.count({ tenant: TENANT })).resolves.toBe(
      await new RedisChangeStore(other, KEEP).count({
        tenant: TENANT,
        filter: { watchlistId: 'wl_all' },
      }),
    );
  }, 30_000);
});
