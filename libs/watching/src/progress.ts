import type { Change } from '#changes';
import type { CanonicalObservable } from '#observables';

/** The states of a refresh as it goes, in the words of the operations API. */
export const REFRESH_STATES = ['QUEUED', 'FETCHING', 'DONE', 'FAILED'] as const;
export type RefreshState = (typeof REFRESH_STATES)[number];

/** A refresh as it goes. */
export interface RefreshProgress {
  readonly kind: 'refresh';
  readonly observable: CanonicalObservable;
  readonly state: RefreshState;
  readonly pagesFetched: number;
  readonly pagesTotal: number | null;
  /** Epoch milliseconds. */
  readonly at: number;
  /** A short code; with QUEUED, why it has to wait. */
  readonly error: string | null;
  /** The lists that it is for. */
  readonly watchlistIds: readonly string[];
}

/** What happens, for whoever looks on. */
export type WatchEvent = RefreshProgress | { readonly kind: 'change'; readonly change: Change };

/** A live view of the work over all processes. Events may be lost; what counts is in the stores. */
export interface ProgressBus {
  /** Never throws, and nobody waits for it. */
  tell(events: readonly WatchEvent[]): void;
  /**
   * Hears what all processes tell from now on.
   *
   * @returns ends it. @throws when Redis cannot be reached.
   */
  listen(heard: (event: WatchEvent) => void): Promise<() => Promise<void>>;
}
