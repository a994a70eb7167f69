import { randomBytes } from 'node:crypto';

import type { Redis } from 'ioredis';

import { TenantDigest } from '#enrichment';
import { openWatching } from '#watching';
import type { Watching } from '#watching';

import { API_KEY } from './relay-stack.js';

/** Of the key that the stack's workers hold. */
export const TENANT = new TenantDigest().of(API_KEY);

/** Watchlists as the workers of the stack see them, over a connection of the test. */
export function watchingOver(redis: Redis): Watching {
  return openWatching({
    redis,
    tenant: TENANT,
    settings: {
      maxLists: 10,
      maxObservables: 100_000,
      maxNoteLength: 500,
      firstFetchPages: 1,
      maxChanges: 1_000_000,
      changesKeepDays: 400,
    },
    quota: { interactiveReserve: 0.1 },
    // First fetches are due at once.
    tuning: { firstFetchGapMs: 0 },
    clock: Date.now,
    newId: () => randomBytes(12).toString('base64url'),
    // A test may kill Redis; what matters is what is found in the end.
    onTrouble: () => undefined,
  });
}
