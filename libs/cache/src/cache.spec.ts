import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Cache } from './cache.js';
import { stateOf } from './entry.js';
import { FRESH_MS, KEEP_MS, Origin, World } from './testing/world.js';

let world: World;
let cache: Cache<string>;

beforeEach(() => {
  world = new World();
  ({ cache } = world.process());
});

async function peekOne(from = cache): Promise<string | undefined> {
  const [entry] = await from.peek(['key']);
  return entry && `${stateOf(entry, world.now)} ${entry.value}`;
}

describe('what is held', () => {
  it('is absent, then fresh, then stale, then absent again', async () => {
    await expect(peekOne()).resolves.toBeUndefined();
    await cache.load('key', new Origin().plan);
    await expect(peekOne()).resolves.toBe('fresh value 1');
    world.now += FRESH_MS;
    await expect(peekOne()).resolves.toBe('stale value 1');
    world.now += KEEP_MS - FRESH_MS - 1;
    await expect(peekOne()).resolves.toBe('stale value 1');
    world.now += 1;
    await expect(peekOne()).resolves.toBeUndefined();
  });

  it('can be that nothing is known, which ends and does not go stale', async () => {
    await cache.load('key', new Origin({ value: '', negative: true }).plan);
    await expect(peekOne()).resolves.toBe('negative ');
    world.now += FRESH_MS;
    await expect(peekOne()).resolves.toBeUndefined();
  });

  it('is the same without the memory tier', async () => {
    const { cache: bare } = world.process({ memoryEntries: 0 });
    await bare.load('key', new Origin().plan);
    expect(bare.peekMemory('key')).toBeUndefined();
    expect(bare.gauges.memoryEntries).toBe(0);
    await expect(peekOne(bare)).resolves.toBe('fresh value 1');
  });

  it('outlives the process that fetched it', async () => {
    await cache.load('key', new Origin().plan);
    await expect(peekOne(world.process().cache)).resolves.toBe('fresh value 1');
  });

  it('is told in the order of the keys, with one read of the store for all', async () => {
    await cache.load('a', new Origin({ value: 'a' }).plan);
    await cache.load('b', new Origin({ value: 'b' }).plan);
    const { cache: other } = world.process();
    const { reads } = world.store;
    const found = await other.peek(['b', 'none', 'a', 'b']);
    expect(found.map((entry) => entry?.value)).toEqual(['b', undefined, 'a', 'b']);
    expect(world.store.reads).toBe(reads + 1);
    await other.peek(['a', 'b']);
    expect(world.store.reads).toBe(reads + 1);
  });

  it('is a miss when its bytes are not ours', async () => {
    await world.store.put('key', Buffer.from('bytes of somebody else'), KEEP_MS);
    await expect(peekOne()).resolves.toBeUndefined();
    const origin = new Origin();
    await cache.load('key', origin.plan);
    expect(origin.calls).toBe(1);
    await expect(peekOne(world.process().cache)).resolves.toBe('fresh value 1');
  });
});

describe('the jitter of lives', () => {
  it.each([
    [0, FRESH_MS],
    [0.5, 0.95 * FRESH_MS],
    [1, 0.9 * FRESH_MS],
  ])('takes at most a tenth off: %d leaves %d ms', async (random, freshMs) => {
    const { cache: jittery } = world.process({ random: () => random });
    const { entry } = await jittery.load('key', new Origin().plan);
    expect(entry.freshUntil - world.now).toBeCloseTo(freshMs, 6);
    expect(entry.keepUntil - world.now).toBe(KEEP_MS);
    expect(entry.fetchedAt).toBe(world.now);
  });
});

describe('loading', () => {
  it('fetches what is not held, once', async () => {
    const origin = new Origin();
    const first = await cache.load('key', origin.plan);
    expect(first).toMatchObject({ entry: { value: 'value 1' }, fetched: true });
    const second = await cache.load('key', origin.plan);
    expect(second).toMatchObject({ entry: { value: 'value 1' }, fetched: false });
    expect(origin.calls).toBe(1);
  });

  it('gives the fetch what is held, when that does not satisfy', async () => {
    await cache.load('key', new Origin().plan);
    const held: (string | undefined)[] = [];
    const origin = new Origin({ value: 'deeper' });
    const loaded = await cache.load('key', {
      satisfies: (entry) => entry.value === 'deeper',
      fetch: (entry) => {
        held.push(entry?.value);
        return origin.fetch();
      },
    });
    expect(held).toEqual(['value 1']);
    expect(loaded.entry.value).toBe('deeper');
  });

  it('gives the fetch nothing when what was held has ended', async () => {
    await cache.load('key', new Origin().plan);
    world.now += KEEP_MS;
    const held: unknown[] = [];
    await cache.load('key', {
      satisfies: () => true,
      fetch: (entry) => {
        held.push(entry);
        return new Origin().fetch();
      },
    });
    expect(held).toEqual([undefined]);
  });

  it('passes a failure on and keeps what was held', async () => {
    await cache.load('key', new Origin().plan);
    const failing = new Origin();
    failing.failure = new Error('upstream is away');
    await expect(cache.load('key', failing.freshPlan)).rejects.toBe(failing.failure);
    await expect(peekOne()).resolves.toBe('fresh value 1');
    await expect(peekOne(world.process().cache)).resolves.toBe('fresh value 1');
  });

  it('tells what went wrong although there is a value', async () => {
    const problem = new Error('the second page failed');
    const loaded = await cache.load('key', new Origin({ problem }).plan);
    expect(loaded).toMatchObject({ entry: { value: 'value 1' }, fetched: true, problem });
  });

  it('reads the store once for a crowd that has waited for another process', async () => {
    const origin = new Origin();
    const end = Promise.withResolvers<undefined>();
    origin.gate = end.promise;
    const leading = world.process().cache.load('key', origin.plan);
    const crowd = Array.from({ length: 100 }, () => cache.load('key', origin.plan));
    world.store.reads = 0;
    end.resolve(undefined);
    const loaded = await Promise.all([leading, ...crowd]);
    expect(new Set(loaded.map(({ entry }) => entry.value))).toEqual(new Set(['value 1']));
    expect(origin.calls).toBe(1);
    expect(world.store.reads).toBeLessThanOrEqual(2);
  });

  it('does not serve what it fetched when somebody fetched later', async () => {
    const late = world.process({ clock: () => world.now + 1_000 });
    await late.cache.load('key', new Origin({ value: 'newer' }).plan);
    const loaded = await cache.load('key', new Origin({ value: 'older' }).freshPlan);
    expect(loaded.entry.value).toBe('older');
    await expect(peekOne()).resolves.toBe('fresh newer');
  });
});

describe('dropping', () => {
  it('forgets in the store and in the memory of every process', async () => {
    const { cache: other } = world.process();
    await cache.load('key', new Origin().plan);
    await other.peek(['key']);
    expect(other.peekMemory('key')).toBeDefined();
    await expect(cache.drop(['key', 'none'])).resolves.toBe(1);
    await expect(peekOne()).resolves.toBeUndefined();
    await expect(peekOne(other)).resolves.toBeUndefined();
  });

  it('fails when the store cannot be told', async () => {
    await cache.load('key', new Origin().plan);
    world.store.away = true;
    await expect(cache.drop(['key'])).rejects.toBe(world.store.error);
    expect(cache.peekMemory('key')).toBeUndefined();
  });

  it('goes on when the other processes cannot be told', async () => {
    const { cache: mute, bus } = world.process();
    bus.away = true;
    await expect(mute.drop(['key'])).resolves.toBe(0);
    expect(world.troubles).toEqual(['bus']);
  });
});

describe('without the store', () => {
  it('serves what memory still has', async () => {
    const { cache: untold, bus } = world.process();
    await untold.load('key', new Origin().plan);
    bus.connected = false;
    world.store.away = true;
    world.now += 10_000;
    await expect(peekOne(untold)).resolves.toBe('fresh value 1');
    world.now += FRESH_MS;
    await expect(peekOne(untold)).resolves.toBe('stale value 1');
    world.now += KEEP_MS;
    await expect(peekOne(untold)).resolves.toBeUndefined();
  });

  it('fetches, remembers and tells that there was trouble', async () => {
    world.store.away = true;
    const origin = new Origin();
    await expect(cache.load('key', origin.plan)).resolves.toMatchObject({ fetched: true });
    expect(world.troubles).toEqual(['read', 'write']);
    await expect(peekOne()).resolves.toBe('fresh value 1');
    expect(origin.calls).toBe(1);
  });

  it('has nothing for a key that memory does not know', async () => {
    world.store.away = true;
    await expect(cache.peek(['a', 'b'])).resolves.toEqual([undefined, undefined]);
  });

  it('goes on when the other processes cannot be told of a write', async () => {
    const { cache: mute, bus } = world.process();
    bus.away = true;
    await expect(mute.load('key', new Origin().plan)).resolves.toMatchObject({ fetched: true });
    expect(world.troubles).toEqual(['bus']);
  });
});
