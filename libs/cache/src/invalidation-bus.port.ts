/** Tells the other processes which keys were written or dropped, so that their memory forgets them. */
export interface InvalidationBus {
  publish(keys: readonly string[]): Promise<void>;
  /** The listener gets what other processes published; null when messages may have been missed. */
  subscribe(listener: (keys: readonly string[] | null) => void): void;
  /** While false, memory is not told of others' writes and must be checked against the store. */
  readonly connected: boolean;
}
