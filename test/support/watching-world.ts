import { randomBytes } from 'node:crypto';

import { TenantDigest } from '#enrichment';
import { closeRedis, connectRedis, subscriberRedis, workerRedis } from '#platform';
import type { RedisClient } from '#platform';
import { openWatching } from '#watching';
import type { Watching } from '#watching';

import { API_KEY } from './relay-stack.js';

/** Everything about watching over a Redis, with a clock that the test moves. */
export interface WatchingWorld extends Watching {
  readonly redis: RedisClient;
  /** Epoch milliseconds; at first the real time. */
  now: number;
  end(): Promise<void>;
}

const SETTINGS = {
  maxLists: 1_000,
  maxObservables: 100_000,
  maxNoteLength: 500,
  firstFetchPages: 1,
  maxChanges: 100_000,
  changesKeepDays: 400,
};

export async function watchingWorld(url: string): Promise<WatchingWorld> {
  const [redis, subscriber] = [workerRedis(url), subscriberRedis(url)];
  await connectRedis(redis);
  const time = { now: Date.now() };
  const watching = openWatching({
    redis,
    subscriber,
    tenant: new TenantDigest().of(API_KEY),
    settings: SETTINGS,
    quota: { interactiveReserve: 0.2 },
    clock: () => time.now,
    newId: () => randomBytes(12).toString('base64url'),
    onTrouble: () => undefined,
  });
  const end = async (): Promise<void> => {
    await watching.close();
    await Promise.all([closeRedis(redis), closeRedis(subscriber)]);
  };
  return Object.assign(time, watching, { redis, end });
}
