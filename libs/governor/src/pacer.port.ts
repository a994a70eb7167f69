/** Analysts wait for interactive calls; nobody waits for background ones. */
export type Lane = 'interactive' | 'background';

/** Spaces the calls of one API key over all processes. */
export interface Pacer {
  /**
   * Takes a turn if there is one now.
   *
   * @returns 0 when the turn is taken, else the milliseconds after which to ask again.
   */
  tryTake(tenant: string, lane: Lane): Promise<number>;
  /** Lets nobody through for so many milliseconds: upstream asked for less. */
  penalise(tenant: string, ms: number): Promise<void>;
}
