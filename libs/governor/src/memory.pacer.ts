import type { Lane, Pacer } from './pacer.port.js';

/** Turns are counted over this window; a hair over a second covers the jitter of the way upstream. */
export const WINDOW_MS = 1_020;

interface Turns {
  readonly at: number[];
  notBefore: number;
  wantedUntil: number;
}

/** At most `perSecond` turns in any window of a second, in this process. */
export class MemoryPacer implements Pacer {
  readonly #perSecond: number;
  readonly #clock: () => number;
  readonly #turns = new Map<string, Turns>();

  constructor(perSecond: number, clock: () => number) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  tryTake(tenant: string, lane: Lane): Promise<number> {
    return Promise.resolve(this.#tryTake(this.#of(tenant), lane));
  }

  penalise(tenant: string, ms: number): Promise<void> {
    this.#of(tenant).notBefore = this.#clock() + ms;
    return Promise.resolve();
  }

  #tryTake(turns: Turns, lane: Lane): number {
    const now = this.#clock();
    if (now < turns.notBefore) {
      return turns.notBefore - now;
    }
    if (lane === 'background' && now < turns.wantedUntil) {
      return turns.wantedUntil - now;
    }
    const oldest = turns.at.length < this.#perSecond ? undefined : turns.at[0];
    const wait = oldest === undefined ? 0 : oldest + WINDOW_MS - now;
    if (wait > 0) {
      if (lane === 'interactive') {
        turns.wantedUntil = now + wait + 200;
      }
      return wait;
    }
    turns.at.push(now);
    turns.at.splice(0, turns.at.length - this.#perSecond);
    return 0;
  }

  #of(tenant: string): Turns {
    const turns = this.#turns.get(tenant) ?? { at: [], notBefore: 0, wantedUntil: 0 };
    this.#turns.set(tenant, turns);
    return turns;
  }
}
