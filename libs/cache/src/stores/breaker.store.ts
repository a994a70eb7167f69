import { circuitBreaker, ConsecutiveBreaker, handleAll, isBrokenCircuitError } from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';

import type { CacheStore } from '../store.port.js';

export interface BreakerOptions {
  /** Failures in a row after which the store is left alone. */
  readonly failures: number;
  /** Milliseconds until one call is let through again to see. */
  readonly retryAfterMs: number;
}

/**
 * Leaves a store alone while it only fails, so that a frozen Redis costs a caller one time-out and
 * not one a call. While open every call is refused at once.
 */
export class BreakerStore implements CacheStore {
  readonly #store: CacheStore;
  readonly #policy: CircuitBreakerPolicy;

  constructor(store: CacheStore, options: BreakerOptions) {
    this.#store = store;
    this.#policy = circuitBreaker(handleAll, {
      breaker: new ConsecutiveBreaker(options.failures),
      halfOpenAfter: options.retryAfterMs,
    });
  }

  /** True for the refusal of an open breaker, as against a failure of the store itself. */
  static isRefusal(error: unknown): boolean {
    return isBrokenCircuitError(error);
  }

  getMany(keys: readonly string[]): Promise<(Buffer | null)[]> {
    return this.#policy.execute(() => this.#store.getMany(keys));
  }

  put(key: string, bytes: Buffer, keepMs: number): Promise<boolean> {
    return this.#policy.execute(() => this.#store.put(key, bytes, keepMs));
  }

  /** Not for callers who wait: goes around the breaker. */
  keys(prefix: string): AsyncIterable<readonly string[]> {
    return this.#store.keys(prefix);
  }

  delete(keys: readonly string[]): Promise<number> {
    return this.#policy.execute(() => this.#store.delete(keys));
  }
}
