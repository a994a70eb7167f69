import type { CallResult } from './call.js';
import { FAILED_RESULTS } from './call.js';
import { dayOf } from './calendar.js';
import type { DayLine, Entry, ObservableLine } from './ledger-store.port.js';

/** A call and who paid for it. */
export interface Booked {
  readonly entry: Entry;
  readonly watchlistId: string | null;
}

/** Calls of one tenant by day, observable and hour. */
export class MemoryBooks {
  readonly calls = new Map<number, number>();
  readonly observeCalls = new Map<number, number>();
  readonly #days = new Map<string, DayLine>();
  readonly #observables = new Map<string, ObservableLine>();

  /** Adds calls, or with a negative number takes them out. */
  add({ entry, watchlistId }: Booked, result: CallResult, calls: number, hour: number): void {
    const { at, about, cause, endpoint } = entry;
    const day = dayOf(at);
    const key = JSON.stringify([day, cause, watchlistId, endpoint, result]);
    const line = this.#days.get(key) ?? { day, cause, watchlistId, endpoint, result, calls: 0 };
    this.#days.set(key, { ...line, calls: line.calls + calls });
    const aboutKey = `${day} ${about}`;
    const sum = this.#observables.get(aboutKey) ?? { day, about, calls: 0, failed: 0 };
    const failed = FAILED_RESULTS.includes(result) ? calls : 0;
    this.#observables.set(aboutKey, {
      ...sum,
      calls: sum.calls + calls,
      failed: sum.failed + failed,
    });
    this.calls.set(hour, (this.calls.get(hour) ?? 0) + calls);
    if (cause === 'OBSERVE') {
      this.observeCalls.set(hour, (this.observeCalls.get(hour) ?? 0) + calls);
    }
  }

  dayLines(days: readonly string[]): readonly DayLine[] {
    return [...this.#days.values()].filter(({ day, calls }) => calls > 0 && days.includes(day));
  }

  observableLines(days: readonly string[]): readonly ObservableLine[] {
    const lines = [...this.#observables.values()];
    return lines.filter(({ day, calls }) => calls > 0 && days.includes(day));
  }
}
