import type { Observable, Sighting } from '#ctim';
import type { CallCause, Payer } from '#ledger';
import type { CanonicalObservable } from '#observables';

import type { PageReader } from './paged/paged-reader.js';
import type { Pages } from './paged/pages.js';
import type { Question } from './question.js';

/** On whose behalf upstream is asked. The API key is in memory only, never stored or logged. */
export interface Caller {
  /** Keyed digest of the API key, 32 hex characters: the partition of the cache. */
  readonly tenant: string;
  readonly apiKey: string;
  /** Fires when nobody waits any more: what is still to be asked steps into the background lane. */
  readonly patience?: AbortSignal;
  /** Why upstream is asked, for the ledger; without it an analyst's call does. */
  readonly errand?: Errand;
}

/** What calls are booked to. */
export interface Errand {
  readonly cause: CallCause;
  /** Watchlists that may pay, in the order in which they shall. */
  readonly payers: readonly Payer[];
}

export type AddressRecordType = 'A' | 'AAAA';

/** A time span in which a record had these values; dates are YYYY-MM-DD. */
export interface RecordInterval {
  readonly first: string | null;
  /** Null while it runs, or when upstream does not say. */
  readonly last: string | null;
  readonly values: readonly string[];
  /** Owners of the values, without a link from one to the other. */
  readonly orgs: readonly string[];
}

export type AskLane = 'interactive' | 'background';

/** What a sighting is drawn from. Pure: same drawing, same document. */
export interface Drawing<T> {
  readonly question: Question;
  /** The observable as the caller gave it: the document echoes it. */
  readonly given: Observable;
  readonly items: readonly T[];
  readonly pages: Pages<T>;
  /** Epoch milliseconds. */
  readonly fetchedAt: number;
  /** The moment of the call when sightings carry that as their time, else undefined. */
  readonly queriedAt: number | undefined;
  /** 2 for the second copy of an observable in one call, and so on: documents must be unique. */
  readonly occurrence: number;
}

/**
 * A kind of knowledge about observables: what to ask, how to read it, how to draw it.
 * T is one item of its pages; it must survive JSON.
 */
export interface EnrichmentSource<T = unknown> {
  /** As in ENRICHERS. */
  readonly name: string;
  /** What to ask about an observable, in the order of the sightings; empty when it has nothing. */
  questions(observable: CanonicalObservable): readonly Question[];
  /** Reads a question's pages from upstream, each call through the governor. */
  reader(question: Question, caller: Caller, lane: AskLane): PageReader<T>;
  /** The record type that a question is about; for an address, that by which names point to it. */
  recordType(question: Question): AddressRecordType;
  /** Items as intervals of that record's history; what has no days has none. */
  intervals(items: readonly T[]): readonly RecordInterval[];
  /** The sighting, without its short description; undefined when there is nothing to see. */
  draw(drawing: Drawing<T>): Sighting | undefined;
}
