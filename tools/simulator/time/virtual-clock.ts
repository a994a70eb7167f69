import { dayAt, type Day } from './calendar.js';

const MS_PER_DAY = 86_400_000;

/** Epoch milliseconds; `Date.now` outside tests. */
export type WallClock = () => number;

/** The simulated time: the wall clock plus an offset that only grows by `advance`. */
export class VirtualClock {
  readonly #wall: WallClock;
  #offsetMs: number;

  /** Starts at `start` (epoch milliseconds), by default at the wall clock's own time. */
  constructor(wall: WallClock, start?: number) {
    this.#wall = wall;
    this.#offsetMs = start === undefined ? 0 : start - wall();
  }

  /** Simulated epoch milliseconds. */
  now(): number {
    return this.#wall() + this.#offsetMs;
  }

  /** Wall-clock epoch milliseconds: what a request log is compared with. */
  wallNow(): number {
    return this.#wall();
  }

  today(): Day {
    return dayAt(this.now());
  }

  advance(days: number): void {
    this.#offsetMs += days * MS_PER_DAY;
  }
}
