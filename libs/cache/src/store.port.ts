/** Where entries outlive a process. Keys and bytes only; what they mean is the cache's affair. */
export interface CacheStore {
  /** The values of the keys, in their order, null where there is none. One round trip for all. */
  getMany(keys: readonly string[]): Promise<(Buffer | null)[]>;
  /**
   * Writes an entry unless a newer one is there: a process that slept through its lease must not
   * put old data over new.
   *
   * @param keepMs life in the store, in milliseconds.
   * @returns whether the entry was written.
   */
  put(key: string, bytes: Buffer, keepMs: number): Promise<boolean>;
  /**
   * The keys that begin with a text, in parts and in no order. What comes or goes meanwhile may be
   * among them or not; a key may come twice.
   */
  keys(prefix: string): AsyncIterable<readonly string[]>;
  /** Removes the keys; returns how many there were. */
  delete(keys: readonly string[]): Promise<number>;
}
