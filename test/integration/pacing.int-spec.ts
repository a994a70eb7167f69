import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Watchlist } from '#watch';

import { startRefreshWorld } from '../support/refresh-world.js';
import type { RefreshBench, RefreshWorld } from '../support/refresh-world.js';
import { START } from '../support/watch-world.js';

const DAY_MS = 86_400_000;
const DAYS_LEFT = (Date.parse('2026-12-01T00:00:00Z') - START) / DAY_MS;
/** Names that cost two calls each: 20 a day for HIGH, 80 for LOW. */
const HIGH = Array.from({ length: 10 }, (_, index) => `high${index}.example.com`);
const LOW = Array.from({ length: 40 }, (_, index) => `low${index}.example.com`);
const RESERVE = 0.2;

let world: RefreshWorld;
let bench: RefreshBench;
let high: Watchlist;
let low: Watchlist;

beforeAll(async () => {
  world = await startRefreshWorld();
  for (const name of [...HIGH, ...LOW]) {
    world.simulator.setHistory(name, 'a', [{ first_seen: '2026-01-01', values: ['192.0.2.1'] }]);
    world.simulator.setHistory(name, 'aaaa', [
      { first_seen: '2026-01-01', values: ['2001:db8::1'] },
    ]);
  }
}, 20_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** Two lists, and an account that allows so many calls a month beside the reserve. */
async function begin(callsBesideReserve: number): Promise<void> {
  bench = await world.begin({ monthly: Math.ceil(callsBesideReserve / (1 - RESERVE)) });
  const daily = { refreshIntervalSeconds: DAY_MS / 1_000 };
  high = await bench.list({ name: 'high', priority: 'HIGH', ...daily });
  low = await bench.list({ name: 'low', priority: 'LOW', ...daily });
  await bench.add(high, ...HIGH);
}

async function count(list: Watchlist, state: 'FRESH' | 'DUE' | 'PENDING'): Promise<number> {
  return bench.watching.reader.count(list, { state });
}

/** Both lists fetched once, and due again. */
async function fetchedAndDue(): Promise<void> {
  await bench.add(low, ...LOW);
  bench.pass(0.02);
  await bench.work();
  expect([await count(high, 'FRESH'), await count(low, 'FRESH')]).toEqual([10, 40]);
  bench.pass(1.2);
}

describe('a quota that holds the plan', () => {
  it('lets all go on time', async () => {
    await begin(100 + 110 * DAYS_LEFT);
    await fetchedAndDue();
    await bench.work();
    expect([await count(high, 'FRESH'), await count(low, 'FRESH')]).toEqual([10, 40]);
    await expect(bench.watching.pace.pacing()).resolves.toMatchObject({ isShort: false });
  });
});

describe('a quota that does not hold the plan', () => {
  it('lets high lists go on time and low ones by a share of the day', async () => {
    await begin(100 + 60 * DAYS_LEFT);
    await fetchedAndDue();
    await bench.work();
    expect(await count(high, 'FRESH')).toBe(10);
    const early = await count(low, 'FRESH');
    bench.pass(0.3);
    await bench.work();
    const later = await count(low, 'FRESH');
    expect([early > 0, later > early, later < 40]).toEqual([true, true, true]);
  });

  it('does not hold up what an operator asks for', async () => {
    await begin(100 + 60 * DAYS_LEFT);
    await fetchedAndDue();
    await bench.watching.refreshNow.refreshWatchlist(low);
    await bench.work();
    expect(await count(low, 'FRESH')).toBe(40);
  });

  it('fetches nothing new for low lists at the cost of high ones', async () => {
    await begin(22 * DAYS_LEFT);
    bench.pass(0.02);
    await bench.work();
    await bench.add(low, ...LOW);
    bench.pass(1.2);
    await bench.work();
    expect([await count(high, 'FRESH'), await count(low, 'PENDING')]).toEqual([10, 40]);
  });
});
