/**
 * Who is fetching what, over all processes. A flight has an id; the board knows which flight holds
 * a key, and for a short while how a flight ended, so that others share its result or its failure.
 */
export interface FlightBoard {
  /** Takes the key for a flight if it is free. Returns the id of the flight that holds it now. */
  take(key: string, flightId: string, leaseMs: number): Promise<string>;
  /** Keeps a held key for longer. False when it is no longer held by this flight. */
  extend(key: string, flightId: string, leaseMs: number): Promise<boolean>;
  /**
   * Ends a flight: notes its outcome for those who wait and frees the key, after `lingerMs` if that
   * is not 0 (a failed flight lingers when many waited, so that the rest of the crowd shares it).
   */
  land(key: string, flightId: string, outcome: string, lingerMs: number): Promise<void>;
  /** The id of the flight that holds the key; null when it is free. */
  holder(key: string): Promise<string | null>;
  /** How a flight ended; null while it is in the air or when it is forgotten. */
  outcome(flightId: string): Promise<string | null>;
}

/** How long a landed flight's outcome is remembered. Longer than any poll of a waiter. */
export const OUTCOME_MS = 10_000;
