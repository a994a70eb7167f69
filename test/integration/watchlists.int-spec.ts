import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import {
  ACTOR,
  domain,
  faultsOf,
  hosts,
  START,
  valueOf,
  watchWorld,
} from '../support/watch-world.js';
import type { WatchWorld, WatchWorldOptions } from '../support/watch-world.js';
import { readBulkText } from '#watch';
import type { Watchlist, WatchState } from '#watch';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let server: RedisServer;
let world: WatchWorld;
const worlds: WatchWorld[] = [];

beforeAll(async () => {
  server = await startRedis();
});

beforeEach(async () => {
  world = open();
  await world.redis.flushall();
});

afterEach(async () => {
  await Promise.all(worlds.splice(0).map(({ redis }) => redis.quit()));
});

afterAll(async () => {
  await server.stop();
});

function open(options: WatchWorldOptions = {}): WatchWorld {
  const opened = watchWorld(server.url, options);
  worlds.push(opened);
  return opened;
}

async function newList(name: string, over: Partial<Watchlist> = {}): Promise<Watchlist> {
  return valueOf(await world.lists.create({ ...over, name }, ACTOR));
}

async function add(list: Watchlist, ...values: string[]): Promise<void> {
  const wishes = values.map((value) => ({ observable: domain(value) }));
  valueOf(await world.members.add(list.id, wishes, ACTOR));
}

async function valuesOn(list: Watchlist): Promise<string[]> {
  const { items } = await world.reader.page(list, { first: 1_000 });
  return items.map(({ observable }) => observable.value);
}

async function refresh(value: string): Promise<boolean> {
  return world.schedule.settle(domain(value), { outcome: 'ok', at: world.now });
}

async function nextOf(value: string): Promise<(number | null)[]> {
  const [places = []] = await world.reader.watchedBy([domain(value)]);
  return places.map(({ nextRefreshAt }) => nextRefreshAt);
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
  }
  return text;
}

async function keysLeft(): Promise<string[]> {
  return (await world.redis.keys('*')).sort();
}

describe('watchlists', () => {
  it('are made with defaults, found, changed and deleted', async () => {
    const list = await newList('Phishing');
    expect(list.id).toMatch(/^wl_[\w-]{16}$/);
    expect(list).toMatchObject({
      priority: 'NORMAL',
      refreshIntervalSeconds: 86_400,
      enabled: true,
    });
    expect(list).toMatchObject({ createdBy: ACTOR, createdAt: START, updatedAt: START });
    world.now += 5;
    const changed = valueOf(await world.lists.update(list.id, { name: 'phishing', muted: true }));
    expect(changed).toEqual({ ...list, name: 'phishing', muted: true, updatedAt: START + 5 });
    await expect(world.lists.find(list.id)).resolves.toEqual(changed);
    valueOf(await world.lists.delete(list.id));
    await expect(world.lists.find(list.id)).resolves.toBeUndefined();
    expect(faultsOf(await world.lists.delete(list.id))).toEqual(['NOT_FOUND id']);
    expect(faultsOf(await world.lists.update(list.id, {}))).toEqual(['NOT_FOUND id']);
  });

  it('have names that are unique whatever their case, also when made at one moment', async () => {
    const outcomes = await Promise.all(
      ['Phishing', 'PHISHING', 'phishing'].map((name) => world.lists.create({ name }, ACTOR)),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const other = await newList('Other');
    expect(faultsOf(await world.lists.update(other.id, { name: 'pHishing' }))).toEqual([
      'CONFLICT name',
    ]);
    valueOf(await world.lists.update(other.id, { name: 'Third' }));
    await newList('other');
  });

  it('are limited in number, also when made at one moment', async () => {
    world = open({ limits: { lists: 3 } });
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, index) => world.lists.create({ name: `list ${index}` }, ACTOR)),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3);
    expect(outcomes.filter(({ ok }) => !ok).flatMap(faultsOf)).toEqual(
      Array.from({ length: 3 }, () => 'TOO_MANY '),
    );
  });

  it('keep changes of both who change one at the same time', async () => {
    const list = await newList('Phishing');
    await Promise.all([
      world.lists.update(list.id, { muted: true }),
      world.lists.update(list.id, { tags: ['a'] }),
      world.lists.update(list.id, { description: 'x' }),
    ]);
    await expect(world.lists.find(list.id)).resolves.toMatchObject({
      muted: true,
      tags: ['a'],
      description: 'x',
    });
  });

  it('are paged in the order they were made, while others come and go', async () => {
    const lists: Watchlist[] = [];
    for (let index = 0; index < 5; index += 1) {
      lists.push(await newList(`list ${index}`, { tags: index % 2 ? ['odd'] : [] }));
    }
    const one = await world.lists.page({ first: 2 });
    expect(one.items).toEqual(lists.slice(0, 2));
    await world.lists.delete(lists[1]?.id ?? '');
    const two = await world.lists.page({ first: 2, after: one.nextCursor ?? '' });
    expect(two.items).toEqual(lists.slice(2, 4));
    const three = await world.lists.page({ first: 2, after: two.nextCursor ?? '' });
    expect(three).toEqual({ items: lists.slice(4), nextCursor: null });
    const odd = await world.lists.page(
      { first: 9 },
      { tag: 'odd', nameContains: 'LIST', enabled: true },
    );
    expect(odd.items).toEqual([lists[3]]);
  });
});

describe('observables on a list', () => {
  it('are added once, with note, expiry, who and when', async () => {
    const list = await newList('Phishing');
    const wish = { observable: domain('example.com'), note: ' a\nnote ', expiresAt: START + DAY };
    const outcome = valueOf(await world.members.add(list.id, [wish, wish], ACTOR));
    expect(outcome).toEqual({ added: [wish.observable], alreadyWatched: 0 });
    world.now += 5;
    const again = await world.members.add(list.id, [{ observable: wish.observable }], 'other');
    expect(valueOf(again)).toEqual({ added: [], alreadyWatched: 1 });
    const { items } = await world.reader.page(list, { first: 10 });
    expect(items).toEqual([
      {
        id: expect.stringMatching(/^wo_/),
        watchlistId: list.id,
        observable: wish.observable,
        note: 'a note',
        addedAt: START,
        addedBy: ACTOR,
        expiresAt: START + DAY,
        paused: false,
        state: 'PENDING',
        lastRefreshedAt: null,
        nextRefreshAt: START,
        lastChangeAt: null,
        consecutiveFailures: 0,
        lastError: null,
        waitingFor: null,
      },
    ]);
  });

  it('are refused with the field at fault, and then none of them is added', async () => {
    const list = await newList('Phishing');
    const wishes = [
      ...hosts(1),
      { observable: domain('a.example'), note: 'x'.repeat(501) },
      { observable: domain('b.example'), expiresAt: START },
    ];
    expect(faultsOf(await world.members.add(list.id, wishes, ACTOR))).toEqual([
      'INVALID observables.1.note',
      'INVALID observables.2.expiresAt',
    ]);
    await expect(valuesOn(list)).resolves.toEqual([]);
    const nowhere = await world.members.add('wl_0000000000000000', hosts(1), ACTOR);
    expect(faultsOf(nowhere)).toEqual(['NOT_FOUND watchlistId']);
  });

  it.each([4, 600])(
    'are no more than the limit, whoever adds at one moment: %d at a time',
    async (size) => {
      world = open({ limits: { observablesPerList: 2 * size } });
      const list = await newList('Phishing');
      const outcomes = await Promise.all(
        [0, 1, 2, 3].map((turn) => world.members.add(list.id, hosts(size, turn * size), ACTOR)),
      );
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2);
      expect(outcomes.filter(({ ok }) => !ok).flatMap(faultsOf)).toEqual([
        'TOO_MANY observables',
        'TOO_MANY observables',
      ]);
      await expect(world.reader.count(list)).resolves.toBe(2 * size);
    },
  );

  it('are removed, a few or many, and counted when they were there', async () => {
    const list = await newList('Phishing');
    valueOf(await world.members.add(list.id, hosts(1_300), ACTOR));
    const few = [domain('host0.example.com'), domain('nowhere.example')];
    expect(valueOf(await world.members.remove(list.id, few))).toBe(1);
    const many = hosts(1_300).map(({ observable }) => observable);
    expect(valueOf(await world.members.remove(list.id, many))).toBe(1_299);
    await expect(world.reader.count(list)).resolves.toBe(0);
  });

  it('have note, expiry and pause changed by their id', async () => {
    const list = await newList('Phishing');
    await add(list, 'example.com');
    const [before] = (await world.reader.page(list, { first: 1 })).items;
    const patch = { note: 'new', expiresAt: START + DAY, paused: true };
    valueOf(await world.members.update(before?.id ?? '', patch));
    const [after] = await world.reader.byIds([before?.id ?? '']);
    expect(after).toEqual({ ...before, ...patch, state: 'PAUSED', nextRefreshAt: null });
    const past = await world.members.update(before?.id ?? '', { expiresAt: START });
    expect(faultsOf(past)).toEqual(['INVALID expiresAt']);
    expect(faultsOf(await world.members.update('wo_x', {}))).toEqual(['NOT_FOUND id']);
    await world.members.remove(list.id, [domain('example.com')]);
    expect(faultsOf(await world.members.update(before?.id ?? '', {}))).toEqual(['NOT_FOUND id']);
  });

  it('are paged in one order by type and value, while others come and go', async () => {
    const list = await newList('Phishing');
    const ip = { observable: { type: 'ip', value: '192.0.2.1' } as const };
    const ipv6 = { observable: { type: 'ipv6', value: '2001:db8::1' } as const };
    valueOf(await world.members.add(list.id, [...hosts(3), ipv6, ip], ACTOR));
    const one = await world.reader.page(list, { first: 2 });
    expect(one.items.map(({ observable }) => observable)).toEqual([ip.observable, ipv6.observable]);
    await world.members.remove(list.id, [ipv6.observable]);
    await add(list, 'a.example.com');
    const two = await world.reader.page(list, { first: 3, after: one.nextCursor ?? '' });
    expect(two.items.map(({ observable }) => observable.value)).toEqual([
      'a.example.com',
      'host0.example.com',
      'host1.example.com',
    ]);
    const three = await world.reader.page(list, { first: 3, after: two.nextCursor ?? '' });
    expect(three.items).toHaveLength(1);
    expect(three.nextCursor).toBeNull();
  });

  it('are filtered by type, state and text, and counted so', async () => {
    const list = await newList('Phishing');
    valueOf(await world.members.add(list.id, hosts(3_000), ACTOR));
    const ip = { type: 'ip', value: '192.0.2.1' } as const;
    valueOf(await world.members.add(list.id, [{ observable: ip }], ACTOR));
    await refresh('host7.example.com');
    await refresh('host1777.example.com');
    const found = async (filter: Parameters<typeof world.reader.count>[1]) => {
      const { items } = await world.reader.page(list, { first: 5 }, filter);
      return [await world.reader.count(list, filter), ...items.map((one) => one.observable.value)];
    };
    await expect(found({ type: 'ip' })).resolves.toEqual([1, '192.0.2.1']);
    await expect(found({ state: 'FRESH' })).resolves.toEqual([
      2,
      'host1777.example.com',
      'host7.example.com',
    ]);
    await expect(found({ valueContains: 'OST2999' })).resolves.toEqual([1, 'host2999.example.com']);
    await expect(found({ state: 'FRESH', valueContains: '1777', type: 'domain' })).resolves.toEqual(
      [1, 'host1777.example.com'],
    );
    await expect(found({ state: 'FRESH', type: 'ip' })).resolves.toEqual([0]);
    const pending = await found({ state: 'PENDING', type: 'domain' });
    expect(pending[0]).toBe(2_998);
    expect(pending).toHaveLength(6);
  });

  it('are told of by a batch of ids or observables, in the order asked', async () => {
    const [one, two] = [await newList('one'), await newList('two')];
    await add(one, 'a.example', 'b.example');
    await add(two, 'b.example');
    const places = await world.reader.watchedBy(
      ['b.example', 'x.example', 'a.example'].map(domain),
    );
    expect(places.map((of) => of.map(({ watchlistId }) => watchlistId))).toEqual([
      [one.id, two.id],
      [],
      [one.id],
    ]);
    const ids = places.flat().map(({ id }) => id);
    const found = await world.reader.byIds(['wo_x', ...ids]);
    expect(found).toEqual([undefined, ...places.flat()]);
  });
});

describe('a sample of a list', () => {
  it('is evenly spaced along it, and the whole of a list that has no more', async () => {
    const list = await newList('Phishing');
    valueOf(await world.members.add(list.id, hosts(1_000), ACTOR));
    const all: string[] = [];
    for await (const { id } of world.reader.all(list)) {
      all.push(id);
    }
    const ranks = async (most: number) =>
      (await world.reader.sample(list, most)).map(({ id }) => all.indexOf(id));
    expect(await ranks(4)).toEqual([125, 375, 625, 875]);
    expect(await ranks(1_000)).toEqual([...all.keys()]);
    expect(await ranks(2_000)).toHaveLength(1_000);
    expect(await ranks(0)).toEqual([]);
    await expect(world.reader.sample(await newList('Empty'), 10)).resolves.toEqual([]);
  });
});

describe('counts by state', () => {
  it('follow the time, failures, claims, pauses and the list itself', async () => {
    const list = await newList('Phishing');
    await add(list, 'fresh.example', 'fails.example', 'new.example', 'paused.example');
    valueOf(
      await world.members.add(
        list.id,
        [{ observable: domain('ends.example'), expiresAt: START + 1_000 }],
        ACTOR,
      ),
    );
    await refresh('fresh.example');
    const end = { outcome: 'failed', reason: 'upstream_timeout', at: START } as const;
    await world.schedule.settle(domain('fails.example'), end);
    const [places] = await world.reader.watchedBy([domain('paused.example')]);
    await world.members.update(places?.[0]?.id ?? '', { paused: true });
    const states = async (): Promise<Partial<Record<WatchState, number>>> => {
      const [summary] = await world.reader.summaries([(await world.lists.find(list.id)) ?? list]);
      expect(summary?.total).toBe(5);
      return Object.fromEntries(Object.entries(summary?.byState ?? {}).filter(([, n]) => n > 0));
    };
    await expect(states()).resolves.toEqual({ FRESH: 1, FAILING: 1, PENDING: 2, PAUSED: 1 });
    world.now += 3_000;
    const claimed = await world.schedule.claimDue(world.now, 10);
    expect(claimed.map(({ observable }) => observable.value)).toEqual(['new.example']);
    await expect(states()).resolves.toEqual({
      FRESH: 1,
      FAILING: 1,
      REFRESHING: 1,
      PAUSED: 1,
      EXPIRED: 1,
    });
    world.now += 2 * DAY;
    await expect(states()).resolves.toMatchObject({ DUE: 1 });
    valueOf(await world.lists.update(list.id, { enabled: false }));
    await expect(states()).resolves.toEqual({ PAUSED: 4, EXPIRED: 1 });
  });

  it('tell when a change was last found on each list', async () => {
    const [one, two] = [await newList('one'), await newList('two')];
    await add(one, 'a.example');
    const settle = (changedAt: number) =>
      world.schedule.settle(domain('a.example'), { outcome: 'ok', at: world.now, changedAt });
    await settle(START);
    await settle(START - DAY);
    const changes = (await world.reader.summaries([one, two])).map((of) => of.lastChangeAt);
    expect(changes).toEqual([START, null]);
  });
});

describe('an observable on several lists', () => {
  it('is claimed once, by the shortest interval and the highest priority', async () => {
    const slow = await newList('slow', { priority: 'HIGH', refreshIntervalSeconds: 86_400 });
    const quick = await newList('quick', { priority: 'LOW', refreshIntervalSeconds: 3_600 });
    await add(slow, 'a.example');
    await add(quick, 'a.example');
    await refresh('a.example');
    world.now += 2 * HOUR;
    const [claim, ...rest] = await world.schedule.claimDue(world.now, 10);
    expect(rest).toEqual([]);
    expect(claim).toMatchObject({ priority: 'HIGH', first: false });
    expect(claim?.watchlistIds).toEqual([slow.id, quick.id]);
  });

  it('stays on the others when it leaves one, by removal or with the list', async () => {
    const lists = [await newList('one'), await newList('two'), await newList('three')] as const;
    for (const list of lists) {
      await add(list, 'a.example');
    }
    await refresh('a.example');
    await world.members.remove(lists[0].id, [domain('a.example')]);
    valueOf(await world.lists.delete(lists[1].id));
    const [places] = await world.reader.watchedBy([domain('a.example')]);
    expect(places).toMatchObject([{ watchlistId: lists[2].id, lastRefreshedAt: START }]);
  });

  it('has its time moved when a list is disabled, enabled, made quicker or slower', async () => {
    const [slow, quick] = [
      await newList('slow'),
      await newList('quick', { refreshIntervalSeconds: 3_600 }),
    ];
    await add(slow, 'a.example');
    await add(quick, 'a.example');
    await refresh('a.example');
    const wait = async () => ((await nextOf('a.example'))[0] ?? NaN) - START;
    await expect(wait()).resolves.toBeLessThan(1.1 * HOUR);
    valueOf(await world.lists.update(quick.id, { enabled: false }));
    await expect(wait()).resolves.toBeGreaterThan(0.9 * DAY);
    valueOf(await world.lists.update(slow.id, { refreshIntervalSeconds: 7_200 }));
    await expect(wait()).resolves.toBeLessThan(2.2 * HOUR);
    valueOf(await world.lists.update(quick.id, { enabled: true }));
    await expect(wait()).resolves.toBeLessThan(1.1 * HOUR);
  });

  it('leaves nothing behind when it is on no list any more', async () => {
    const before = await keysLeft();
    const list = await newList('one');
    const wishes = hosts(700).map((wish) => ({ ...wish, expiresAt: START + DAY }));
    valueOf(await world.members.add(list.id, wishes, ACTOR));
    await world.schedule.claimDue(world.now + HOUR, 50);
    const changed = { outcome: 'ok', at: START, changedAt: START } as const;
    await world.schedule.settle(domain('host1.example.com'), changed);
    valueOf(await world.lists.delete(list.id));
    const kept = (await keysLeft()).filter((key) => !before.includes(key));
    expect(kept).toEqual(['{st}:w:last-number', '{st}:w:turns']);
    await expect(refresh('host1.example.com')).resolves.toBe(false);
  });
});

describe('a backup', () => {
  async function exported(from: WatchWorld): Promise<string> {
    return textOf(from.backup.exportJson());
  }

  it('comes back unchanged in an empty place, and changes nothing where all is there', async () => {
    const list = await newList('Ünï "quoted"', { tags: ['a', 'b'], description: 'line, "two"' });
    await newList('empty', { enabled: false, monthlyCallBudget: 5 });
    const wishes = [
      { observable: domain('a.example'), note: '=1+1, "x"', expiresAt: START + DAY },
      { observable: { type: 'ipv6', value: '2001:db8::1' } as const, paused: true },
      ...hosts(1_200),
    ];
    valueOf(await world.members.add(list.id, wishes, ACTOR));
    const text = await exported(world);
    await world.redis.flushall();
    world.now += 2 * DAY;
    expect(valueOf(await world.backup.import(text, 'other'))).toEqual({
      listsCreated: 2,
      listsUpdated: 0,
      observablesAdded: 1_202,
      alreadyWatched: 0,
    });
    await expect(exported(world)).resolves.toBe(text);
    expect(valueOf(await world.backup.import(text, 'other'))).toMatchObject({
      listsUpdated: 2,
      alreadyWatched: 1_202,
    });
  });

  it('as CSV is text that can be pasted again', async () => {
    const list = await newList('one');
    const wish = { observable: domain('a.example'), note: '=1+1, "x"', expiresAt: START + DAY };
    valueOf(await world.members.add(list.id, [wish, ...hosts(1)], ACTOR));
    const csv = await textOf(world.backup.exportCsv(list));
    const pause = () => Promise.resolve();
    const options = { now: START, limit: 10, pause, elapsed: performance.now.bind(performance) };
    const { accepted, rejected } = await readBulkText(csv, options);
    expect(rejected).toEqual([]);
    expect(accepted).toMatchObject([wish, ...hosts(1)]);
  });

  it.each([
    ['no JSON', '{', ['INVALID ']],
    ['another format', '{"format":"x","version":1,"watchlists":[]}', ['INVALID format']],
    [
      'another version',
      '{"format":"securitytrails-relay/watchlists","version":2,"watchlists":[]}',
      ['INVALID version'],
    ],
  ])('is refused when it is %s', async (_title, text, faults) => {
    expect(faultsOf(await world.backup.import(text, ACTOR))).toEqual(faults);
  });

  it('is refused with the place of a value that is none, and then nothing is done', async () => {
    const list = await newList('one');
    await add(list, 'a.example', 'b.example');
    const text = (await exported(world)).replace('"b.example"', '"no name"');
    await world.redis.flushall();
    expect(faultsOf(await world.backup.import(text, ACTOR))).toEqual([
      'INVALID watchlists.0.observables.1.value',
    ]);
    await expect(world.lists.count()).resolves.toBe(0);
  });
});
