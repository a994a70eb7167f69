import type { Look, Reach } from '#changes';
import type { AddressRecordType, Reading } from '#enrichment';
import type { CanonicalObservable } from '#observables';

import { DEPLOYMENT } from './deployment.js';

/** A reading, and of which record it is. */
export interface RecordReading extends Reading {
  readonly recordType: AddressRecordType;
}

export interface LookedAt {
  readonly observable: CanonicalObservable;
  /** The lists for which it is looked at. */
  readonly watchlists: readonly string[];
  /** Since when it is watched, epoch milliseconds, where it was not refreshed since. */
  readonly watchedSince?: number;
}

/** What a reading tells the change detector. */
export function lookOf(reading: RecordReading, lookedAt: LookedAt): Look {
  const { recordType, fetchedAt, intervals } = reading;
  return {
    ...lookedAt,
    tenant: DEPLOYMENT,
    recordType,
    at: fetchedAt,
    intervals,
    reach: reachOf(reading, lookedAt),
  };
}

/** Of an address nothing follows from a part: names have no days by which it could be told apart. */
function reachOf({ complete, intervals }: RecordReading, { observable }: LookedAt): Reach {
  if (complete) {
    return 'all';
  }
  return { since: observable.type === 'domain' ? (intervals.at(-1)?.first ?? null) : null };
}
