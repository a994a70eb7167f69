import type { QuotaCircuit } from './quota-circuit.port.js';

/** A circuit known to this process only. */
export class MemoryQuotaCircuit implements QuotaCircuit {
  readonly #until = new Map<string, number>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  openUntil(tenant: string): Promise<number | null> {
    const until = this.#until.get(tenant);
    if (until !== undefined && until <= this.#clock()) {
      this.#until.delete(tenant);
      return Promise.resolve(null);
    }
    return Promise.resolve(until ?? null);
  }

  open(tenant: string, until: number): Promise<void> {
    this.#until.set(tenant, until);
    return Promise.resolve();
  }

  close(tenant: string): Promise<void> {
    this.#until.delete(tenant);
    return Promise.resolve();
  }
}
