import { describe, expect, it } from '@jest/globals';

import { Governor } from './governor.js';
import { MemoryPacer } from './memory.pacer.js';
import { MemoryQuotaCircuit } from './memory.quota-circuit.js';

const TENANT = '0'.repeat(32);

function governed() {
  const clock = () => 1_000_000;
  const pacer = new MemoryPacer(10, clock);
  const circuit = new MemoryQuotaCircuit(clock);
  return { pacer, governor: new Governor({ pacer, circuit, clock, onTrouble: () => undefined }) };
}

describe('a throttle', () => {
  it.each([
    [2_000, 2_000],
    [60_000, 60_000],
    [86_400_000, 60_000],
    // Longer than a timer can wait: it would fire at once, over and over.
    [999_999_999_000, 60_000],
  ])('of %i ms keeps a key from calling for %i ms', async (said, kept) => {
    const { pacer, governor } = governed();
    await governor.throttled(TENANT, said);
    expect(await pacer.tryTake(TENANT, 'interactive')).toBe(kept);
  });
});
