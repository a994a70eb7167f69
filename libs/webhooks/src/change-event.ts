import type { CanonicalObservable } from '#observables';

/** A change as a message tells it. */
export interface ChangeFact {
  readonly id: string;
  readonly kind: 'ADDED' | 'ENDED' | 'RETURNED' | 'BACKFILLED';
  readonly recordType: string;
  /** Whatever upstream gave; may hold anything. */
  readonly value: string;
  /** `YYYY-MM-DD`. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Epoch milliseconds. */
  readonly detectedAt: number;
}

export interface ListName {
  readonly id: string;
  readonly name: string;
}

/** What one refresh of one observable brought. */
export interface ChangeEvent {
  /** 32 hex characters. */
  readonly tenant: string;
  readonly observable: CanonicalObservable;
  /** Where to look on; an http(s) URL. */
  readonly link: string;
  readonly changes: readonly ChangeFact[];
  /** The lists that the observable is on. A muted one tells nobody. */
  readonly watchlists: readonly (ListName & { readonly muted: boolean })[];
}

/** What is told; each attempt and each redelivery tells the same. */
export type Message =
  | {
      readonly kind: 'changed';
      /** Epoch milliseconds of the newest change. */
      readonly at: number;
      readonly observable: CanonicalObservable;
      readonly link: string;
      readonly changes: readonly ChangeFact[];
      /** How many changes more there are than fit. */
      readonly omitted: number;
      readonly watchlists: readonly ListName[];
    }
  | { readonly kind: 'test'; readonly at: number };
