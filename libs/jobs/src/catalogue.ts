import { createHash } from 'node:crypto';

import type { CanonicalObservable } from '#observables';

/** All job keys share one hash slot, as BullMQ's scripts need in a Redis Cluster. */
export const JOB_KEY_PREFIX = '{st}';

/** The queue of refreshes, and the name of its only job. */
export const REFRESH_QUEUE = 'refresh';

/** Why a refresh is wanted: an analyst was served stale data, or its time came. */
export type RefreshCause = 'stale' | 'scheduled';

/**
 * One refresh of one observable for one tenant. Never a key, token or anything that was answered:
 * job data is readable by whoever reads Redis.
 */
export interface RefreshJob {
  /** Keyed digest of the API key, 32 hex characters. */
  readonly tenant: string;
  readonly observable: CanonicalObservable;
  readonly cause: RefreshCause;
}

/** BullMQ runs a lower number first, and a job without one before all: always give one. */
export const PRIORITY: Readonly<Record<RefreshCause, number>> = { stale: 10, scheduled: 100 };

/**
 * Two wishes for the same refresh are one job while it waits or runs. Hashed: BullMQ refuses ids
 * with colons, and every IPv6 address has them.
 */
export function refreshDeduplicationId({ tenant, observable }: RefreshJob): string {
  return createHash('sha256')
    .update(`${tenant}\n${observable.type}\n${observable.value}`)
    .digest('base64url');
}
