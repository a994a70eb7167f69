import { pacerContract } from '../../../test/contract/pacer.contract.js';
import { MemoryPacer } from './memory.pacer.js';

pacerContract(
  (perSecond) => {
    let now = 1_000_000;
    return Promise.resolve({
      pacer: new MemoryPacer(perSecond, () => now),
      now: () => Promise.resolve(now),
      elapse: (ms) => {
        now += ms;
        return Promise.resolve();
      },
    });
  },
  { runs: 500 },
);
