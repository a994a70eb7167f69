import type { CanonicalObservable } from '#observables';

import type { AddressRecordType, RecordInterval } from './enrichment-source.port.js';

/** What is held for one question about an observable. Instants are epoch milliseconds. */
export interface HeldAnswer {
  /** As the question says it: `a`, `aaaa`, `list`. */
  readonly kind: string;
  readonly recordType: AddressRecordType;
  readonly state: 'fresh' | 'stale' | 'negative';
  readonly fetchedAt: number;
  readonly freshUntil: number;
  /** From then on it is gone. */
  readonly keepUntil: number;
  /** As it is stored. */
  readonly bytes: number;
  readonly records: number;
  readonly pagesFetched: number;
  /** As upstream last said. */
  readonly pagesTotal: number;
  /** Newest first; parsed when it is asked for. */
  readonly intervals: () => readonly RecordInterval[];
}

/** What is held about an observable, question by question. */
export interface Holding {
  readonly observable: CanonicalObservable;
  readonly answers: readonly HeldAnswer[];
  /** Kinds of question without an answer. */
  readonly missing: readonly string[];
}

/** All that is held about an observable as one entry. */
export interface HeldEntry extends Omit<HeldAnswer, 'kind' | 'recordType' | 'intervals'> {
  readonly observable: CanonicalObservable;
}

/**
 * Sums a holding up: as old as its oldest answer, fresh until the first of them is not, gone when all
 * are; stale when any is, negative when all are. Undefined when nothing is held.
 */
export function heldEntry({ observable, answers }: Holding): HeldEntry | undefined {
  if (answers.length === 0) {
    return undefined;
  }
  const all = (pick: (answer: HeldAnswer) => number): number[] => answers.map(pick);
  const sum = (pick: (answer: HeldAnswer) => number): number =>
    all(pick).reduce((total, one) => total + one, 0);
  return {
    observable,
    state: stateOfAll(answers),
    fetchedAt: Math.min(...all(({ fetchedAt }) => fetchedAt)),
    freshUntil: Math.min(...all(({ freshUntil }) => freshUntil)),
    keepUntil: Math.max(...all(({ keepUntil }) => keepUntil)),
    bytes: sum(({ bytes }) => bytes),
    records: sum(({ records }) => records),
    pagesFetched: sum(({ pagesFetched }) => pagesFetched),
    pagesTotal: sum(({ pagesTotal }) => pagesTotal),
  };
}

/** What an observe call would do about an observable now, at a depth of one page. */
export interface Prospect {
  readonly wouldServe: 'HIT' | 'STALE' | 'NEGATIVE' | 'MISS';
  readonly reason: string;
  /** In order, one for each question. */
  readonly steps: readonly string[];
  /** Calls that it would cause: for what is missing, and for what is stale, behind the answer. */
  readonly upstreamCalls: number;
}

const REASONS: Readonly<Record<Prospect['wouldServe'], string>> = {
  HIT: 'All that is asked about it is held and fresh.',
  STALE: 'Something held is no longer fresh: it is served at once and refreshed behind the answer.',
  NEGATIVE: 'SecurityTrails said lately that it knows nothing about it.',
  MISS: 'Something is not held: SecurityTrails would be asked while the analyst waits.',
};

/** Says what an observe would do, and why. Asks nobody. */
export function prospectOf({ answers, missing }: Holding, now: number): Prospect {
  const wouldServe = servedOf(answers, missing);
  const stale = answers.filter(({ state }) => state === 'stale');
  return {
    wouldServe,
    reason: REASONS[wouldServe],
    steps: [
      ...answers.map((answer) => stepOf(answer, now)),
      ...missing.map((kind) => `${kind}: not held; one call for its first page`),
    ],
    upstreamCalls: missing.length + stale.length,
  };
}

function servedOf(
  answers: readonly HeldAnswer[],
  missing: readonly string[],
): Prospect['wouldServe'] {
  if (missing.length > 0) {
    return 'MISS';
  }
  const names = { fresh: 'HIT', stale: 'STALE', negative: 'NEGATIVE' } as const;
  return names[stateOfAll(answers)];
}

function stateOfAll(answers: readonly HeldAnswer[]): HeldAnswer['state'] {
  if (answers.some(({ state }) => state === 'stale')) {
    return 'stale';
  }
  return answers.every(({ state }) => state === 'negative') ? 'negative' : 'fresh';
}

function stepOf(answer: HeldAnswer, now: number): string {
  const { kind, state, fetchedAt, pagesFetched, pagesTotal, records } = answer;
  const age = `${Math.max(0, Math.round((now - fetchedAt) / 1_000))} s old`;
  const size = `${records} records, ${pagesFetched} of ${pagesTotal} pages`;
  switch (state) {
    case 'fresh':
      return `${kind}: fresh, ${age}, ${size}; no call`;
    case 'stale':
      return `${kind}: stale, ${age}, ${size}; served, and one call to refresh it`;
    case 'negative':
      return `${kind}: nothing known, asked ${age.replace(' old', ' ago')}; no call`;
  }
}
