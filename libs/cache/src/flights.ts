import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { FlightBoard } from './flight-board.port.js';

/** Turns the failure of a flight into text for waiters in other processes, and back. */
export interface FailureCodec {
  encode(error: unknown): string;
  decode(text: string): Error;
}

/** What a fetch brings: a value and its lives, and what went wrong although there is a value. */
export interface Fetched<V> {
  readonly value: V;
  readonly negative: boolean;
  /** Milliseconds to serve without refreshing. */
  readonly freshMs: number;
  /** Milliseconds to keep at all; at least freshMs. */
  readonly keepMs: number;
  readonly problem?: Error;
}

export interface FlightTimes {
  /** Life of a lease, renewed at a third of it while the fetch runs. */
  readonly leaseMs: number;
  /** How long a failure that a crowd waited for answers the rest of the crowd. */
  readonly crowdMs: number;
  /** Longest wait for another process' flight; then this process flies too. */
  readonly waitMs: number;
}

export const DEFAULT_FLIGHT_TIMES: FlightTimes = {
  leaseMs: 15_000,
  crowdMs: 1_000,
  waitMs: 120_000,
};

const POLL_MS = [10, 20, 40, 80, 120] as const;
/** Outcomes on the board: landed, landed with a problem, failed. The latter two carry its text. */
const LANDED = 'L';
const PROBLEM = 'P';
const FAILED = 'F';

/** How a flight ended for one who waited: a result of its own process, or word from another one. */
export type Landing<T> =
  | { readonly kind: 'own'; readonly result: T }
  | { readonly kind: 'elsewhere'; readonly problem?: Error };

interface Flight<T> {
  readonly landing: Promise<Landing<T>>;
  crowd: number;
}

/**
 * At most one flight a key, in this process by a map of promises, over all processes by a lease on
 * the board. Who comes while it is in the air waits and shares the result, also a failure.
 */
export class Flights<T extends { readonly problem?: Error }> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #board: FlightBoard;
  readonly #failures: FailureCodec;
  readonly #times: FlightTimes;
  readonly #onTrouble: (error: unknown) => void;

  constructor(
    board: FlightBoard,
    failures: FailureCodec,
    times: FlightTimes,
    onTrouble: (error: unknown) => void,
  ) {
    this.#board = board;
    this.#failures = failures;
    this.#times = times;
    this.#onTrouble = onTrouble;
  }

  /** Flights in the air in this process. */
  get size(): number {
    return this.#flights.size;
  }

  /** Joins the flight of this process for the key, if there is one. */
  join(key: string): Promise<Landing<T>> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined) {
      return undefined;
    }
    flight.crowd += 1;
    return flight.landing;
  }

  /** Starts a flight; the caller has seen that there is none. */
  start(key: string, fetch: () => Promise<T>): Promise<Landing<T>> {
    const flight: Flight<T> = {
      crowd: 0,
      landing: this.#fly(key, fetch, () => flight.crowd).finally(() => {
        // By identity: a later flight for the same key is not ours to remove.
        if (this.#flights.get(key) === flight) {
          this.#flights.delete(key);
        }
      }),
    };
    this.#flights.set(key, flight);
    return flight.landing;
  }

  async #fly(key: string, fetch: () => Promise<T>, crowd: () => number): Promise<Landing<T>> {
    const id = randomUUID();
    const end = performance.now() + this.#times.waitMs;
    for (;;) {
      const holder = await this.#take(key, id);
      if (holder === id || performance.now() >= end) {
        return { kind: 'own', result: await this.#lead(key, id, fetch, crowd) };
      }
      const outcome = await this.#await(key, holder, end);
      if (outcome !== null) {
        return this.#heard(outcome);
      }
      // The other process died or its lease ended: the key is free again.
    }
  }

  #heard(outcome: string): Landing<T> {
    if (outcome === LANDED) {
      return { kind: 'elsewhere' };
    }
    const problem = this.#failures.decode(outcome.slice(1));
    if (outcome.startsWith(FAILED)) {
      throw problem;
    }
    return { kind: 'elsewhere', problem };
  }

  async #take(key: string, id: string): Promise<string> {
    try {
      return await this.#board.take(key, id, this.#times.leaseMs);
    } catch (error) {
      // Without the board every process flies for itself; the governor still holds the rate.
      this.#onTrouble(error);
      return id;
    }
  }

  async #lead(key: string, id: string, fetch: () => Promise<T>, crowd: () => number): Promise<T> {
    const renewal = setInterval(() => {
      this.#board.extend(key, id, this.#times.leaseMs).catch(this.#onTrouble);
    }, this.#times.leaseMs / 3);
    try {
      const result = await fetch();
      const { problem } = result;
      await this.#land(key, id, problem ? this.#word(PROBLEM, problem) : LANDED, 0);
      return result;
    } catch (error) {
      // A lone caller may try again at once; the rest of a crowd shares the failure for a moment.
      const linger = crowd() > 0 ? this.#times.crowdMs : 0;
      await this.#land(key, id, this.#word(FAILED, error), linger);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  #word(kind: string, error: unknown): string {
    return kind + this.#failures.encode(error);
  }

  async #land(key: string, id: string, outcome: string, lingerMs: number): Promise<void> {
    await this.#board.land(key, id, outcome, lingerMs).catch(this.#onTrouble);
  }

  /** Waits for another process' flight; null when it vanished without a word. */
  async #await(key: string, holder: string, end: number): Promise<string | null> {
    for (let poll = 0; performance.now() < end; poll += 1) {
      const outcome = await this.#board.outcome(holder).catch(() => null);
      if (outcome !== null) {
        return outcome;
      }
      if (poll > 0 && !(await this.#stillHolds(key, holder))) {
        return this.#board.outcome(holder).catch(() => null);
      }
      await pause(POLL_MS[Math.min(poll, POLL_MS.length - 1)]);
    }
    return null;
  }

  /** Extending by its own lease time would prolong a dead holder, so this only looks. */
  async #stillHolds(key: string, holder: string): Promise<boolean> {
    return this.#board.holder(key).then(
      (now) => now === holder,
      () => false,
    );
  }
}
