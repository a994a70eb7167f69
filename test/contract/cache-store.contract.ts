import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { CacheStore } from '#cache';

export interface StoreUnderTest {
  readonly store: CacheStore;
  /** Lets so many milliseconds pass for what is stored. */
  readonly elapse: (ms: number) => Promise<void>;
}

/** Longer than any test takes, so that nothing ends but by `elapse`. */
const LIFE_MS = 3_600_000;

/** A stored entry as far as a store knows it: a version, 13 digits of fetchedAt, anything. */
function entryAt(fetchedAt: number, body: Buffer | string = 'body'): Buffer {
  const header = Buffer.from(`01${String(fetchedAt).padStart(13, '0')}`);
  return Buffer.concat([header, Buffer.from(body)]);
}

/** What every cache store does. */
export function cacheStoreContract(open: () => Promise<StoreUnderTest>): void {
  describe('a cache store', () => {
    let under: StoreUnderTest;
    let store: CacheStore;

    beforeEach(async () => {
      under = await open();
      ({ store } = under);
    });

    itKeepsWhatItIsGiven(() => store);
    itEndsLives(() => under);
    itKeepsTheNewest(() => under);
  });
}

function itKeepsWhatItIsGiven(get: () => CacheStore): void {
  it('has nothing to begin with', async () => {
    await expect(get().getMany(['a'])).resolves.toEqual([null]);
    await expect(get().getMany(['a', 'b'])).resolves.toEqual([null, null]);
    await expect(get().delete(['a'])).resolves.toBe(0);
  });

  it('answers no keys with nothing', async () => {
    await expect(get().getMany([])).resolves.toEqual([]);
    await expect(get().delete([])).resolves.toBe(0);
  });

  it('gives back every byte as it was', async () => {
    const bytes = entryAt(1, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
    await expect(get().put('a', bytes, LIFE_MS)).resolves.toBe(true);
    await expect(get().getMany(['a'])).resolves.toEqual([bytes]);
  });

  it('answers in the order of the keys, a key asked twice too', async () => {
    await get().put('a', entryAt(1, 'a'), LIFE_MS);
    await get().put('b', entryAt(1, 'b'), LIFE_MS);
    const [a, b] = [entryAt(1, 'a'), entryAt(1, 'b')];
    await expect(get().getMany(['b', 'none', 'a', 'b'])).resolves.toEqual([b, null, a, b]);
  });

  it('deletes and tells how many there were', async () => {
    await get().put('a', entryAt(1), LIFE_MS);
    await get().put('b', entryAt(1), LIFE_MS);
    await expect(get().delete(['a', 'none', 'b'])).resolves.toBe(2);
    await expect(get().getMany(['a', 'b'])).resolves.toEqual([null, null]);
  });
}

function itEndsLives(get: () => StoreUnderTest): void {
  it('forgets at the end of the life, not before', async () => {
    const { store, elapse } = get();
    await store.put('a', entryAt(1), LIFE_MS);
    await elapse(LIFE_MS / 2);
    await expect(store.getMany(['a'])).resolves.toEqual([entryAt(1)]);
    await elapse(LIFE_MS / 2);
    await expect(store.getMany(['a'])).resolves.toEqual([null]);
    await expect(store.delete(['a'])).resolves.toBe(0);
  });

  it('gives a newer entry a life of its own', async () => {
    const { store, elapse } = get();
    await store.put('a', entryAt(1), LIFE_MS);
    await store.put('a', entryAt(2), 2 * LIFE_MS);
    await elapse(1.5 * LIFE_MS);
    await expect(store.getMany(['a'])).resolves.toEqual([entryAt(2)]);
  });

  it('takes an older entry when the newer one has ended', async () => {
    const { store, elapse } = get();
    await store.put('a', entryAt(2), LIFE_MS);
    await elapse(LIFE_MS);
    await expect(store.put('a', entryAt(1), LIFE_MS)).resolves.toBe(true);
  });
}

function itKeepsTheNewest(get: () => StoreUnderTest): void {
  it('refuses an older entry and leaves the newer one alone', async () => {
    const { store } = get();
    await store.put('a', entryAt(1_000, 'new'), LIFE_MS);
    await expect(store.put('a', entryAt(999, 'old'), LIFE_MS)).resolves.toBe(false);
    await expect(store.getMany(['a'])).resolves.toEqual([entryAt(1_000, 'new')]);
  });

  it('takes an entry of the same instant', async () => {
    const { store } = get();
    await store.put('a', entryAt(1_000, 'one'), LIFE_MS);
    await expect(store.put('a', entryAt(1_000, 'two'), LIFE_MS)).resolves.toBe(true);
    await expect(store.getMany(['a'])).resolves.toEqual([entryAt(1_000, 'two')]);
  });

  it.each(['', '01', 'zzzzzzzzzzzzzzzzzzzzzzzz', '01999999999999x and more', '\u00ff'.repeat(30)])(
    'writes over bytes that tell no time: %j',
    async (foreign) => {
      const { store } = get();
      await store.put('a', Buffer.from(foreign, 'latin1'), LIFE_MS);
      await expect(store.put('a', entryAt(1), LIFE_MS)).resolves.toBe(true);
      await expect(store.getMany(['a'])).resolves.toEqual([entryAt(1)]);
    },
  );

  it('ends with the newest, whatever the order of writes', async () => {
    const { store } = get();
    let key = 0;
    const instants = fc.array(fc.nat(9_999_999_999_999), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(instants, async (writes) => {
        key += 1;
        const name = `key:${key}`;
        await Promise.all(writes.map((at) => store.put(name, entryAt(at), LIFE_MS)));
        expect(await store.getMany([name])).toEqual([entryAt(Math.max(...writes))]);
      }),
      { numRuns: 50 },
    );
  });
}
