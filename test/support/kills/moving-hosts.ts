import type { Simulator } from '../../../tools/simulator/simulator.js';

/** Addresses that a host moves between, one after the other and round again. */
const HOMES = 3;
const LONG_AGO = '2026-01-01';

/** Hosts whose addresses the test moves, and the changes that each move has to bring. */
export class MovingHosts {
  readonly names: readonly string[];
  readonly #simulator: Simulator;
  readonly #moves = new Map<string, number>();
  readonly #movedOn = new Map<string, string>();

  constructor(simulator: Simulator, count: number) {
    this.#simulator = simulator;
    this.names = Array.from({ length: count }, (_, index) => `host${index}.example.com`);
    for (const name of this.names) {
      simulator.setHistory(name, 'a', [{ first_seen: LONG_AGO, values: [this.home(name)] }]);
      simulator.setHistory(name, 'aaaa', []);
    }
  }

  /** Where a host lives now, or so many moves from now. */
  home(name: string, moves = 0): string {
    const place = (this.#movesOf(name) + moves) % HOMES;
    const number = Number(/\d+/.exec(name)?.[0]) * HOMES + place;
    return `198.${18 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  }

  /** A day shows one move at most. */
  mayMove(name: string): boolean {
    return this.#movedOn.get(name) !== this.#simulator.today();
  }

  move(name: string): void {
    this.#moves.set(name, this.#movesOf(name) + 1);
    this.#movedOn.set(name, this.#simulator.today());
    this.#simulator.pushInterval(name, 'a', { values: [this.home(name)] });
  }

  /** All that was to be told of a host so far: kind and value, in order of the alphabet. */
  changesOf(name: string): string[] {
    const moves = this.#movesOf(name);
    return Array.from({ length: moves }, (_, index) => {
      const kind = index + 1 < HOMES ? 'ADDED' : 'RETURNED';
      const [from, to] = [this.home(name, index - moves), this.home(name, index + 1 - moves)];
      return [`${kind} ${to}`, `ENDED ${from}`];
    })
      .flat()
      .sort();
  }

  get moves(): number {
    return [...this.#moves.values()].reduce((sum, count) => sum + count, 0);
  }

  #movesOf(name: string): number {
    return this.#moves.get(name) ?? 0;
  }
}
