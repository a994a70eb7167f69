import { changeStoreContract } from '../../../test/contract/change-store.contract.js';
import { MemoryChangeStore } from './memory.change-store.js';

changeStoreContract((retention) => {
  const store = new MemoryChangeStore(retention);
  return Promise.resolve({ histories: store, changes: store });
});
