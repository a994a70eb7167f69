/** A clock that stands still until it is told. */
export class TestClock {
  #time = Date.UTC(2026, 0, 15, 12);

  readonly now = (): number => this.#time;

  /** The time as tokens have it. */
  get seconds(): number {
    return this.#time / 1_000;
  }

  forward(milliseconds: number): void {
    this.#time += milliseconds;
  }
}
