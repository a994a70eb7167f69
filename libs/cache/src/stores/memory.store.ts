import type { Clock } from '../clock.port.js';
import { fetchedAtText } from '../codec.js';
import type { CacheStore } from '../store.port.js';

/** A store in this process: for tests, and for a relay that runs without Redis. Unbounded. */
export class MemoryStore implements CacheStore {
  readonly #held = new Map<string, { bytes: Buffer; until: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  getMany(keys: readonly string[]): Promise<(Buffer | null)[]> {
    return Promise.resolve(keys.map((key) => this.#live(key)));
  }

  put(key: string, bytes: Buffer, keepMs: number): Promise<boolean> {
    const held = this.#live(key);
    if (held !== null && fetchedAtText(held) > fetchedAtText(bytes)) {
      return Promise.resolve(false);
    }
    this.#held.set(key, { bytes, until: this.#clock() + keepMs });
    return Promise.resolve(true);
  }

  async *keys(prefix: string): AsyncIterable<readonly string[]> {
    yield await Promise.resolve(
      [...this.#held.keys()].filter((key) => key.startsWith(prefix) && this.#live(key) !== null),
    );
  }

  delete(keys: readonly string[]): Promise<number> {
    const live = keys.filter((key) => this.#live(key) !== null && this.#held.delete(key));
    return Promise.resolve(live.length);
  }

  #live(key: string): Buffer | null {
    const held = this.#held.get(key);
    return held !== undefined && this.#clock() < held.until ? held.bytes : null;
  }
}
