import { beforeEach, describe, expect, it } from '@jest/globals';

import type { QuotaCircuit } from '#governor';

export interface CircuitUnderTest {
  readonly circuit: QuotaCircuit;
  /** The circuit's own clock, epoch milliseconds. */
  readonly now: () => number;
  readonly elapse: (ms: number) => Promise<void>;
}

const HOUR_MS = 3_600_000;

/** What every quota circuit does. */
export function quotaCircuitContract(open: () => Promise<CircuitUnderTest>): void {
  describe('a quota circuit', () => {
    let under: CircuitUnderTest;

    beforeEach(async () => {
      under = await open();
    });

    it('is closed to begin with', async () => {
      await expect(under.circuit.openUntil('tenant')).resolves.toBeNull();
    });

    it('tells until when it is open, to that tenant only', async () => {
      const until = under.now() + HOUR_MS;
      await under.circuit.open('tenant', until);
      await expect(under.circuit.openUntil('tenant')).resolves.toBe(until);
      await expect(under.circuit.openUntil('other')).resolves.toBeNull();
    });

    it('closes by itself when the time has come', async () => {
      const until = under.now() + HOUR_MS;
      await under.circuit.open('tenant', until);
      await under.elapse(HOUR_MS / 2);
      await expect(under.circuit.openUntil('tenant')).resolves.toBe(until);
      await under.elapse(HOUR_MS / 2);
      await expect(under.circuit.openUntil('tenant')).resolves.toBeNull();
    });

    it('closes when told to', async () => {
      await under.circuit.open('tenant', under.now() + HOUR_MS);
      await under.circuit.close('tenant');
      await expect(under.circuit.openUntil('tenant')).resolves.toBeNull();
      await expect(under.circuit.close('tenant')).resolves.toBeUndefined();
    });

    it('goes by the last word', async () => {
      const until = under.now() + 2 * HOUR_MS;
      await under.circuit.open('tenant', under.now() + HOUR_MS);
      await under.circuit.open('tenant', until);
      await under.elapse(HOUR_MS);
      await expect(under.circuit.openUntil('tenant')).resolves.toBe(until);
    });
  });
}
