import { createHash } from 'node:crypto';

import type { CanonicalObservable } from '#observables';

/** All job keys share one hash slot, as BullMQ's scripts need in a Redis Cluster. */
export const JOB_KEY_PREFIX = '{st}';

/** The queue of refreshes, and the name of its only job. */
export const REFRESH_QUEUE = 'refresh';

/** The queue of the ticks that move what is due into the queue of refreshes. */
export const SCHEDULE_QUEUE = 'schedule';

/** The queue of messages to webhooks, and the name of its only job. */
export const WEBHOOK_QUEUE = 'webhook';

/** Why a refresh is wanted: an analyst was served stale data, an operator asked, or its time came. */
export const REFRESH_CAUSES = ['stale', 'operator', 'scheduled'] as const;
export type RefreshCause = (typeof REFRESH_CAUSES)[number];

/** How urgent what is scheduled is, least first. */
export const JOB_PRIORITIES = ['LOW', 'NORMAL', 'HIGH'] as const;
export type JobPriority = (typeof JOB_PRIORITIES)[number];

/**
 * One refresh of one observable for one tenant. Never a key, token or anything that was answered:
 * job data is readable by whoever reads Redis.
 */
export interface RefreshJob {
  /** Keyed digest of the API key, 32 hex characters. */
  readonly tenant: string;
  readonly observable: CanonicalObservable;
  readonly cause: RefreshCause;
  /**
   * What was fetched at or after this instant (epoch milliseconds) is good enough, so a job that is
   * done twice asks once. Without it, what is fresh in the cache is.
   */
  readonly since?: number;
  /** Nothing is known of it yet. Of what is scheduled. */
  readonly first?: boolean;
  /** Of what is scheduled; NORMAL when it is not said. */
  readonly priority?: JobPriority;
}

/**
 * One attempt at one delivery. Where it goes and what signs it is read when it is tried: neither a
 * URL nor a secret belongs in a job.
 */
export interface WebhookJob {
  /** Keyed digest of the API key, 32 hex characters. */
  readonly tenant: string;
  readonly deliveryId: string;
}

/** A lower number goes first. */
const SCHEDULED: Readonly<Record<JobPriority, { readonly first: number; readonly again: number }>> =
  {
    HIGH: { first: 30, again: 40 },
    NORMAL: { first: 50, again: 60 },
    LOW: { first: 70, again: 80 },
  };

/** What an analyst was served stale. */
export const STALE_PRIORITY = 10;

/**
 * What is scheduled is asked for again when it has waited for as long as a claim lasts. Then it goes
 * before all else: without that, the least urgent would never be done while the queue always holds
 * something more urgent.
 */
export const AGAIN_PRIORITY = 5;

/**
 * The place of a job in its queue. BullMQ runs a lower number first, and a job without one before
 * all: always give one.
 */
export function jobPriority({
  cause,
  first = false,
  priority = 'NORMAL',
}: Pick<RefreshJob, 'cause' | 'first' | 'priority'>): number {
  switch (cause) {
    case 'stale':
      return STALE_PRIORITY;
    case 'operator':
      return 20;
    case 'scheduled':
      return SCHEDULED[priority][first ? 'first' : 'again'];
  }
}

/**
 * Two wishes for the same refresh are one job while it waits or runs. Hashed: BullMQ refuses ids
 * with colons, and every IPv6 address has them.
 */
export function refreshDeduplicationId({
  tenant,
  observable,
}: Pick<RefreshJob, 'tenant' | 'observable'>): string {
  return createHash('sha256')
    .update(`${tenant}\n${observable.type}\n${observable.value}`)
    .digest('base64url');
}
