import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { CanonicalObservable } from '#observables';
import type { Watchlist } from '#watch';
import type { ImportPreview } from '#watching';

import { ChangingWorld } from '../support/month/changing-world.js';
import { startRefreshWorld } from '../support/refresh-world.js';
import type { RefreshBench, RefreshWorld } from '../support/refresh-world.js';

const DAY_S = 86_400;
/** Refreshes come late by half of it on average. */
const STEP_DAYS = 1 / 24;
const MONTH_DAYS = 30;
const NOTHING_MORE = () => Promise.resolve();

const SETTINGS = {
  maxLists: 100,
  maxObservables: 10_000,
  maxNoteLength: 100,
  maxChanges: 10_000,
  changesKeepDays: 400,
};

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

/** Names of which seven of ten have no IPv6 addresses, and addresses. */
function someOf(from: number, counts: { names: number; addresses: number }): CanonicalObservable[] {
  const names = Array.from({ length: counts.names }, (_, index) => {
    return { type: 'domain', value: `host${from + index}.example.com` } as const;
  });
  const addresses = Array.from({ length: counts.addresses }, (_, index) => {
    return { type: 'ip', value: `192.0.2.${from + index}` } as const;
  });
  return [...names, ...addresses];
}

async function add(list: Watchlist, observables: readonly CanonicalObservable[]): Promise<void> {
  await bench.add(list, ...observables.map((observable) => ({ observable })));
}

async function preview(
  list: Watchlist,
  observables: readonly CanonicalObservable[],
): Promise<ImportPreview> {
  return bench.watching.plan.preview(bench.caller.tenant, list, observables);
}

/** Time goes on, and what comes due meanwhile is refreshed. */
async function live(days: number): Promise<void> {
  for (let step = 0; step < days / STEP_DAYS; step += 1) {
    bench.pass(STEP_DAYS);
    const { total } = await bench.watching.schedule.dueCount(bench.now);
    if (total > 0) {
      await bench.work();
    }
  }
}

/** Calls about these that the simulator has counted for the key in use. */
function counted(observables: readonly CanonicalObservable[]): number {
  const subjects = new Set(observables.map(({ value }) => value));
  const key = world.simulator.digestOf(bench.caller.apiKey);
  return world.simulator
    .requests()
    .filter((request) => request.key === key && subjects.has(request.subject)).length;
}

/**
 * Adds a batch and counts its calls: until all are fetched, and then in 30 days, which begin half an
 * interval later, as any month begins somewhere between two refreshes.
 */
async function watched<T>(
  list: Watchlist,
  batch: readonly CanonicalObservable[],
  whenFetched: () => Promise<T>,
) {
  await add(list, batch);
  await live(STEP_DAYS);
  const first = counted(batch);
  const meanwhile = await whenFetched();
  await live(list.refreshIntervalSeconds / DAY_S / 2);
  const before = counted(batch);
  await live(MONTH_DAYS);
  return { first, month: counted(batch) - before, meanwhile };
}

function expectWithin(share: number, told: number, truth: number): void {
  expect(Math.abs(told / truth - 1)).toBeLessThanOrEqual(share);
}

describe('the preview of an import, against what the simulator then counts', () => {
  it('is exact for the first fetch and within 5 % for a month, once a few days were watched', async () => {
    const held = someOf(0, { names: 10, addresses: 5 });
    const batch = someOf(40, { names: 20, addresses: 5 });
    new ChangingWorld(world.simulator, [...held, ...batch]);
    const before = await bench.list({ refreshIntervalSeconds: 2 * DAY_S });
    await add(before, held);
    await live(3);
    const list = await bench.list({ refreshIntervalSeconds: 3 * DAY_S });
    const told = await preview(list, batch);
    // These have done their part; refreshing them would only take time.
    await bench.watching.lists.update(before.id, { enabled: false });
    const truth = await watched(list, batch, NOTHING_MORE);
    expect(told).toMatchObject({ basis: 'measured', firstFetchCalls: truth.first });
    expectWithin(0.05, told.callsPerMonth, truth.month);
    expect(told.callsPerMonthRange.least).toBeLessThan(truth.month);
    expect(told.callsPerMonthRange.most).toBeGreaterThan(truth.month);
  }, 15_000);

  it('tells least and most while no name was ever fetched, and the plan right after the first fetch', async () => {
    const batch = someOf(40, { names: 20, addresses: 5 });
    const others = someOf(80, { names: 20, addresses: 5 });
    new ChangingWorld(world.simulator, batch);
    const list = await bench.list({ refreshIntervalSeconds: 3 * DAY_S });
    const told = await preview(list, batch);
    const most = 20 * 20 + 5 * 10;
    expect(told).toMatchObject({
      basis: 'assumed',
      firstFetchCalls: 45,
      callsPerMonth: most,
      callsPerMonthRange: { most },
    });
    const truth = await watched(list, batch, async () => {
      const plan = await bench.watching.plan.plan();
      return { plan, next: await preview(list, others) };
    });
    expect(truth.first).toBe(told.firstFetchCalls);
    expect(truth.month).toBeGreaterThan(told.callsPerMonthRange.least);
    expect(truth.month).toBeLessThan(most);
    const { plan, next } = truth.meanwhile;
    expect([plan.basis, next.basis]).toEqual(['measured', 'measured']);
    expectWithin(0.05, plan.callsPerMonth, truth.month);
    expectWithin(0.05, next.callsPerMonth, truth.month);
  }, 15_000);
});

describe('a first fetch of several pages', () => {
  it('takes what the preview told as the least, or more, up to the most', async () => {
    bench = await world.begin({}, { settings: { ...SETTINGS, firstFetchPages: 3 } });
    const [long, short] = someOf(40, { names: 2, addresses: 0 });
    const batch = [long, short].flatMap((one) => one ?? []);
    new ChangingWorld(world.simulator, batch);
    const history = Array.from({ length: 450 }, (_, index) => {
      const day = new Date(Date.UTC(2020, 0, 1 + 4 * index)).toISOString().slice(0, 10);
      return { first_seen: day, last_seen: day, values: [`192.0.2.${index % 250}`] };
    });
    world.simulator.setHistory('host40.example.com', 'a', history);
    const list = await bench.list();
    const told = await preview(list, batch);
    expect(told).toMatchObject({ firstFetchCalls: 4, firstFetchCallsMost: 12 });
    await add(list, batch);
    await live(STEP_DAYS);
    expect(counted(batch)).toBe(6);
  });
});
