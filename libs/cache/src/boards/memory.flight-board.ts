import type { Clock } from '../clock.port.js';
import type { FlightBoard } from '../flight-board.port.js';
import { OUTCOME_MS } from '../flight-board.port.js';

interface Until<T> {
  readonly what: T;
  readonly until: number;
}

/** A flight board for one process: for tests, and for a relay that runs without Redis. */
export class MemoryFlightBoard implements FlightBoard {
  readonly #leases = new Map<string, Until<string>>();
  readonly #outcomes = new Map<string, Until<string>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(key: string, flightId: string, leaseMs: number): Promise<string> {
    const holder = this.#live(this.#leases, key);
    if (holder !== null) {
      return Promise.resolve(holder);
    }
    this.#leases.set(key, { what: flightId, until: this.#clock() + leaseMs });
    return Promise.resolve(flightId);
  }

  extend(key: string, flightId: string, leaseMs: number): Promise<boolean> {
    const held = this.#live(this.#leases, key) === flightId;
    if (held) {
      this.#leases.set(key, { what: flightId, until: this.#clock() + leaseMs });
    }
    return Promise.resolve(held);
  }

  async land(key: string, flightId: string, outcome: string, lingerMs: number): Promise<void> {
    this.#outcomes.set(flightId, { what: outcome, until: this.#clock() + OUTCOME_MS });
    if (lingerMs > 0) {
      await this.extend(key, flightId, lingerMs);
    } else if (this.#live(this.#leases, key) === flightId) {
      this.#leases.delete(key);
    }
  }

  holder(key: string): Promise<string | null> {
    return Promise.resolve(this.#live(this.#leases, key));
  }

  outcome(flightId: string): Promise<string | null> {
    return Promise.resolve(this.#live(this.#outcomes, flightId));
  }

  #live(map: Map<string, Until<string>>, key: string): string | null {
    const held = map.get(key);
    if (held === undefined || this.#clock() >= held.until) {
      map.delete(key);
      return null;
    }
    return held.what;
  }
}
