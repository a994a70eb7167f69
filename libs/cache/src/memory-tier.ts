import { LRUCache } from 'lru-cache';

import type { Clock } from './clock.port.js';
import type { Entry } from './entry.js';
import type { InvalidationBus } from './invalidation-bus.port.js';

/** How long memory is believed while nobody tells it of others' writes. */
const UNTOLD_TRUST_MS = 1_000;

interface Held<V> {
  readonly entry: Entry<V>;
  readonly since: number;
}

export interface MemoryTierOptions {
  /** Most entries held; 0 switches the tier off. */
  readonly entries: number;
  /** Most bytes held, as counted by their stored form. */
  readonly bytes: number;
}

/** The in-process tier: decoded entries, bounded by count and bytes, told of others' writes. */
export class MemoryTier<V> {
  readonly #held: LRUCache<string, Held<V>> | undefined;
  readonly #clock: Clock;
  readonly #bus: InvalidationBus;
  #changes = 0;

  constructor(options: MemoryTierOptions, clock: Clock, bus: InvalidationBus) {
    this.#clock = clock;
    this.#bus = bus;
    this.#held =
      options.entries > 0
        ? new LRUCache({ max: options.entries, maxSize: options.bytes })
        : undefined;
    bus.subscribe((keys) => {
      this.forget(keys);
    });
  }

  get size(): number {
    return this.#held?.size ?? 0;
  }

  /** What is held, whether or not it may be believed: the last resort when the store is away. */
  any(key: string): Entry<V> | undefined {
    return this.#held?.get(key)?.entry;
  }

  /** What is held and needs no look into the store. */
  trusted(key: string): Entry<V> | undefined {
    const held = this.#held?.get(key);
    if (held === undefined) {
      return undefined;
    }
    return this.#bus.connected || this.#clock() - held.since < UNTOLD_TRUST_MS
      ? held.entry
      : undefined;
  }

  /**
   * Grows with every write and every word of one. Who reads the store notes it before: what was read
   * while it grew may be older than what was written, and must not be remembered.
   */
  get changes(): number {
    return this.#changes;
  }

  /** Takes what this process has fetched. */
  write(key: string, entry: Entry<V>, size: number): void {
    this.#changes += 1;
    this.remember(key, entry, size);
  }

  /** Takes what was read from the store. */
  remember(key: string, entry: Entry<V>, size: number): void {
    this.#held?.set(key, { entry, since: this.#clock() }, { size: Math.max(1, size) });
  }

  /** Forgets the keys; null forgets all. */
  forget(keys: readonly string[] | null): void {
    this.#changes += 1;
    if (keys === null) {
      this.#held?.clear();
      return;
    }
    for (const key of keys) {
      this.#held?.delete(key);
    }
  }
}
