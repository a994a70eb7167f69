import type { CacheStore } from '../store.port.js';

/** A store whose answers a test can refuse or hold back. What is held back has been carried out. */
export class TestStore implements CacheStore {
  /** While true, every command fails. */
  away = false;
  reads = 0;
  readonly error = new Error('the store is away');
  readonly #store: CacheStore;
  #answer: () => Promise<unknown> = () => Promise.resolve();

  constructor(store: CacheStore) {
    this.#store = store;
  }

  /** From now on answers arrive when `gate` resolves. */
  holdBack(gate: () => Promise<unknown>): void {
    this.#answer = gate;
  }

  getMany(keys: readonly string[]): Promise<(Buffer | null)[]> {
    this.reads += 1;
    return this.#run(() => this.#store.getMany(keys));
  }

  put(key: string, bytes: Buffer, keepMs: number): Promise<boolean> {
    return this.#run(() => this.#store.put(key, bytes, keepMs));
  }

  keys(prefix: string): AsyncIterable<readonly string[]> {
    return this.#store.keys(prefix);
  }

  delete(keys: readonly string[]): Promise<number> {
    return this.#run(() => this.#store.delete(keys));
  }

  async #run<T>(command: () => Promise<T>): Promise<T> {
    if (this.away) {
      throw this.error;
    }
    const answer = command();
    await this.#answer();
    return answer;
  }
}
