import { Ledger, MemoryLedgerStore } from '#ledger';
import type { LedgerParts } from '#ledger';

/** A ledger in memory that keeps nothing back; its bookings are numbered from `call-1`. */
export function testLedger(clock: () => number, parts: Partial<LedgerParts> = {}): Ledger {
  let booked = 0;
  return new Ledger({
    store: new MemoryLedgerStore(),
    clock,
    newId: () => `call-${(booked += 1)}`,
    interactiveReserve: 0,
    onTrouble: (error) => {
      throw error;
    },
    ...parts,
  });
}
