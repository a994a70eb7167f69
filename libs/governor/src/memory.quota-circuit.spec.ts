import { quotaCircuitContract } from '../../../test/contract/quota-circuit.contract.js';
import { MemoryQuotaCircuit } from './memory.quota-circuit.js';

quotaCircuitContract(() => {
  let now = 1_750_000_000_000;
  return Promise.resolve({
    circuit: new MemoryQuotaCircuit(() => now),
    now: () => now,
    elapse: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  });
});
