import type { Entry } from '#cache';

import type { Answer } from './answer.js';
import type { AddressRecordType, RecordInterval } from './enrichment-source.port.js';
import type { Problem } from './problem.js';

/** How an observable is to be refreshed; without a plan what is fresh is left alone. */
export interface RefreshPlan {
  /** What was fetched at this instant or later is good enough; epoch milliseconds. */
  readonly since?: number;
  /**
   * Kinds of question (`aaaa`) that are not asked now, with when they were last answered, epoch
   * milliseconds: "nothing known" is kept on.
   */
  readonly resting?: ReadonlyMap<string, number>;
  /** How long "nothing known" of a resting question is kept: beyond the next refresh. */
  readonly keepMs?: number;
  /** Pages of a question of which nothing is held, 1 to 100; 1 by default. */
  readonly depth?: number;
  /** Told after each page: pages read so far and in all, of one question. */
  readonly onPage?: (fetched: number, total: number) => void;
}

/** A history as the cache has it now. */
export interface Reading {
  /** `read`: upstream was asked for it just now; `held`: it was good enough. */
  readonly state: 'read' | 'held';
  /** When upstream gave its first page, epoch milliseconds. */
  readonly fetchedAt: number;
  /** Whether nothing is missing at its end. */
  readonly complete: boolean;
  /** Newest first; of an address, one for each host name, without days. */
  readonly intervals: readonly RecordInterval[];
}

/** What became of one question; "nothing known" is a complete reading without intervals. */
export type Refreshed = {
  /** As the question says it: `a`, `aaaa`, `list`. */
  readonly kind: string;
  readonly recordType: AddressRecordType;
} & (
  Reading | { readonly state: 'resting' } | { readonly state: 'failed'; readonly problem: Problem }
);

/** A cache entry as a reading. */
export function readingOf({ value }: Entry<Answer>, state: Reading['state']): Reading {
  const { pages, fetchedAt, source } = value;
  return {
    state,
    fetchedAt,
    complete: pages.complete,
    intervals: source.intervals(pages.items),
  };
}
