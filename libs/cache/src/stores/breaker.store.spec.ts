import { describe, expect, it } from '@jest/globals';

import { cacheStoreContract } from '../../../../test/contract/cache-store.contract.js';
import { TestStore } from '../testing/test-store.js';
import { BreakerStore } from './breaker.store.js';
import { MemoryStore } from './memory.store.js';

const OPTIONS = { failures: 3, retryAfterMs: 60_000 };

cacheStoreContract(() => {
  let now = 1_750_000_000_000;
  return Promise.resolve({
    store: new BreakerStore(new MemoryStore(() => now), OPTIONS),
    elapse: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  });
});

const COMMANDS: ((store: BreakerStore) => Promise<unknown>)[] = [
  (store) => store.getMany(['a']),
  (store) => store.put('a', Buffer.from('0117500000000001'), 1_000),
  (store) => store.delete(['a']),
];

async function failure(command: Promise<unknown>): Promise<unknown> {
  return command.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function opened(options = OPTIONS): { inner: TestStore; store: BreakerStore } {
  const inner = new TestStore(new MemoryStore(() => 0));
  return { inner, store: new BreakerStore(inner, options) };
}

describe('the breaker', () => {
  it('passes failures on until there were enough in a row, then refuses', async () => {
    const { inner, store } = opened();
    inner.away = true;
    for (const command of COMMANDS) {
      await expect(command(store)).rejects.toBe(inner.error);
    }
    for (const command of COMMANDS) {
      expect(BreakerStore.isRefusal(await failure(command(store)))).toBe(true);
    }
    expect(BreakerStore.isRefusal(inner.error)).toBe(false);
  });

  it('does not ask the store while it refuses', async () => {
    const { inner, store } = opened();
    inner.away = true;
    for (let call = 0; call < 10; call += 1) {
      await failure(store.getMany(['a']));
    }
    inner.away = false;
    expect(BreakerStore.isRefusal(await failure(store.getMany(['a'])))).toBe(true);
    expect(inner.reads).toBe(3);
  });

  it('counts failures in a row only', async () => {
    const { inner, store } = opened();
    for (const away of [true, true, false, true, true, false]) {
      inner.away = away;
      await failure(store.getMany(['a']));
    }
    await expect(store.getMany(['a'])).resolves.toEqual([null]);
  });

  it('lets one call through after a while, and goes on when that succeeds', async () => {
    const { inner, store } = opened({ failures: 1, retryAfterMs: 20 });
    inner.away = true;
    await failure(store.getMany(['a']));
    inner.away = false;
    const begun = performance.now();
    while (BreakerStore.isRefusal(await failure(store.getMany(['a'])))) {
      await new Promise(setImmediate);
    }
    expect(performance.now() - begun).toBeGreaterThan(15);
    await expect(store.getMany(['a', 'b'])).resolves.toEqual([null, null]);
  });
});
