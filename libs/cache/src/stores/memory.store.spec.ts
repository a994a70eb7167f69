import { cacheStoreContract } from '../../../../test/contract/cache-store.contract.js';
import { MemoryStore } from './memory.store.js';

cacheStoreContract(() => {
  let now = 1_750_000_000_000;
  return Promise.resolve({
    store: new MemoryStore(() => now),
    elapse: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  });
});
