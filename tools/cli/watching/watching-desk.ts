import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { TenantDigest } from '#enrichment';
import { RedisWorkerPresence } from '#jobs';
import {
  closeRedis,
  connectRedis,
  faultLine,
  loadConfig,
  subscriberRedis,
  workerRedis,
} from '#platform';
import type { Config, RedisClient } from '#platform';
import { openWatching } from '#watching';
import type { Watching } from '#watching';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';

/** All that the commands work with, over the Redis of the processes. */
export interface WatchingDesk extends Watching {
  /** Who is at the terminal, for what is kept of who did something. */
  readonly actor: string;
  /** Which keys have a worker. */
  readonly presence: Pick<RedisWorkerPresence, 'has'>;
  readonly edges: CliEdges;
}

interface Connections {
  readonly redis: RedisClient;
  /** Connects when somebody listens. */
  readonly subscriber: RedisClient;
  /** Aborted when they are no longer wanted. */
  readonly over: AbortSignal;
}

/** How long Redis has for its first answer, and for one of all commands under way. */
const CONNECT_MS = 2_000;
const ANSWER_MS = 10_000;
const ANONYMOUS = 'command line';

/**
 * Does something at the desk, and clears it whatever comes of that.
 *
 * @throws CliFailure `bad-configuration`; `redis-away`, also when it goes away meanwhile.
 */
export async function atDesk<T>(
  edges: CliEdges,
  use: (desk: WatchingDesk) => Promise<T>,
): Promise<T> {
  const config = configOf(edges);
  const away = Promise.withResolvers<never>();
  const over = new AbortController();
  const onError = (error: Error): void => {
    away.reject(redisAway(error.message));
  };
  const redis = workerRedis(config.redis.queueUrl, { onError });
  const subscriber = subscriberRedis(config.redis.queueUrl, { onError });
  const beat = setInterval(() => {
    feel(redis, onError);
  }, ANSWER_MS);
  try {
    const done = useConnected(config, { redis, subscriber, over: over.signal }, { edges, use });
    return await Promise.race([done, away.promise]);
  } finally {
    clearInterval(beat);
    over.abort();
    await Promise.all([closeRedis(redis), closeRedis(subscriber)]);
  }
}

async function useConnected<T>(
  config: Config,
  connections: Connections,
  { edges, use }: { edges: CliEdges; use: (desk: WatchingDesk) => Promise<T> },
): Promise<T> {
  const { redis, subscriber } = connections;
  await ready(connections);
  const watching = openWatching({
    redis,
    subscriber,
    tenant: new TenantDigest(config.cache.digestKey).of(config.securitytrails.apiKey ?? ''),
    settings: config.watch,
    quota: config.securitytrails,
    clock: edges.now,
    newId: () => randomBytes(12).toString('base64url'),
    // Whatever fails here fails the command as well, or is only a live view.
    onTrouble: () => undefined,
  });
  try {
    const { USER: user, LOGNAME: logname } = edges.env;
    const presence = new RedisWorkerPresence(redis);
    return await use({ ...watching, presence, actor: user ?? logname ?? ANONYMOUS, edges });
  } finally {
    await watching.close();
  }
}

async function ready({ redis, over }: Connections): Promise<void> {
  if (await connectRedis(redis, 0)) {
    return;
  }
  const signal = AbortSignal.any([over, AbortSignal.timeout(CONNECT_MS)]);
  try {
    await once(redis, 'ready', { signal });
  } catch {
    throw redisAway('it does not answer');
  }
}

/** A frozen Redis keeps its connections and answers nothing. */
function feel(redis: RedisClient, onError: (error: Error) => void): void {
  const late = setTimeout(() => {
    onError(new Error('it does not answer any more'));
  }, ANSWER_MS).unref();
  const answered = (): void => {
    clearTimeout(late);
  };
  redis.ping().then(answered, answered);
}

/** The worker's: it is the process whose key and Redis these are. */
function configOf({ env }: CliEdges): Config {
  const loaded = loadConfig('worker', env, (path) => readFileSync(path, 'utf8'));
  if ('faults' in loaded) {
    throw new CliFailure('bad-configuration', loaded.faults.map(faultLine).join('\n'));
  }
  return loaded.config;
}

function redisAway(reason: string): CliFailure {
  return new CliFailure('redis-away', `Redis (REDIS_URL) is away: ${reason}`);
}
