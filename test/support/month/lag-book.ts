import type { Priority } from '#watch';

/** Of waits, in hours: the middle, the worst but for a tenth and a hundredth, the worst. */
export interface Lag {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

const HOUR_MS = 3_600_000;

/** How late refreshes were, by priority. */
export class LagBook {
  readonly #waits: Readonly<Record<Priority, number[]>> = { HIGH: [], NORMAL: [], LOW: [] };

  /** @param ms between when it was due and when it was done */
  note(priority: Priority, ms: number): void {
    this.#waits[priority].push(Math.max(0, ms) / HOUR_MS);
  }

  of(priority: Priority): Lag {
    const waits = [...this.#waits[priority]].sort((one, other) => one - other);
    const at = (share: number) =>
      waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
    return { count: waits.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
  }
}
