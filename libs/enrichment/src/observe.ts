import type { Observable } from '#ctim';
import type { CanonicalObservable } from '#observables';

import type { Document } from './document.js';
import type { Caller } from './enrichment-source.port.js';
import type { Problem } from './problem.js';

/** One observe call, after its edge has checked and parsed it. */
export interface ObserveCall {
  readonly caller: Caller;
  /** Pages a question, 1 to 100. */
  readonly depth: number;
  /** As given, in order, duplicates included. */
  readonly observables: readonly Observable[];
}

/** How a question was answered; `error` when it was not. */
export type Outcome = 'hit' | 'stale' | 'negative' | 'miss' | 'error';

/** What kept an observable from a whole answer. */
export interface ObserveProblem {
  readonly given: Observable;
  readonly problem: Problem;
  /** True when something about the observable is answered all the same. */
  readonly partial: boolean;
  /** The questions that it concerns: `a`, `aaaa`, `list`. */
  readonly kinds: readonly string[];
  /** Pages left, with `unprocessed_pages` only. */
  readonly pages?: number;
}

export interface Observed {
  /** JSON of each sighting, whole, in the order of the observables and their questions. */
  readonly documents: readonly Document[];
  readonly problems: readonly ObserveProblem[];
  /** One a question asked, for metrics and the log; observables that cannot be one have none. */
  readonly lookups: readonly Lookup[];
}

export interface Lookup {
  readonly type: CanonicalObservable['type'];
  readonly outcome: Outcome;
  /** Upstream calls made for it by this call. */
  readonly upstreamCalls: number;
  /** Age of what was served, in milliseconds. */
  readonly ageMs: number;
}

/** Asks for a stale answer to be refreshed; returns at once and never throws. */
export interface Refresher {
  refresh(caller: Caller, observable: CanonicalObservable): void;
}
