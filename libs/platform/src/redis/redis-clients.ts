import { Cluster, Redis } from 'ioredis';
import { parseRedisUrl } from '../config/redis-url.js';
import { serializeError } from '../logging/error-serializer.js';
import type { Logger } from '../logging/logger.js';
import { limitCommands } from './command-limit.js';
import {
  connectionOptions,
  requestPathProfile,
  workerProfile,
  type RedisProfile,
} from './redis-options.js';

export type RedisClient = Redis | Cluster;

/** Told once per change of state, never per attempt to reconnect. */
export interface RedisWatcher {
  /** The connection is lost or cannot be made. The error holds no password. */
  readonly onError?: (error: Error) => void;
  /** Commands are answered: at the first connection and after each loss. */
  readonly onReady?: () => void;
  /** For the jitter between attempts; default `Math.random`. */
  readonly random?: () => number;
}

/**
 * A client for what a caller waits for: any command ends within about 150 ms, with an error if Redis
 * is away. It connects at the first command or by {@link connectRedis}; until then commands fail.
 *
 * @throws TypeError for a URL that the configuration would have refused; the URL is not in it.
 */
export function requestPathRedis(url: string, watcher: RedisWatcher = {}): RedisClient {
  return openClient(url, requestPathProfile(watcher.random ?? Math.random), watcher);
}

/** A client for the worker and its queue: commands wait, without limit, until Redis is back. */
export function workerRedis(url: string, watcher: RedisWatcher = {}): RedisClient {
  return openClient(url, workerProfile(watcher.random ?? Math.random), watcher);
}

/**
 * A client that only listens: its subscriptions are made again after every reconnection. What was
 * published meanwhile is lost; `onReady` is the moment to distrust what one holds.
 */
export function subscriberRedis(url: string, watcher: RedisWatcher = {}): RedisClient {
  return workerRedis(url, watcher);
}

/** Writes a client's changes of state to the log: `redis.down` and `redis.up`, with its name. */
export function logRedisState(logger: Logger, client: string): RedisWatcher {
  return {
    onError: (err) => {
      logger.warn({ event: 'redis.down', client, err }, 'Redis is away');
    },
    onReady: () => {
      logger.info({ event: 'redis.up', client }, 'Redis answers');
    },
  };
}

function openClient(url: string, profile: RedisProfile, watcher: RedisWatcher): RedisClient {
  const parsed = parseRedisUrl(url);
  if ('problem' in parsed) {
    throw new TypeError(`a Redis URL ${parsed.problem}`);
  }
  const options = connectionOptions(parsed.value);
  const client =
    parsed.value.kind === 'cluster'
      ? new Cluster([...parsed.value.nodes], {
          ...profile.cluster,
          redisOptions: { ...profile.connection, ...options },
        })
      : new Redis({ ...profile.connection, ...profile.single, ...options });
  if (profile.commandLimitMs !== undefined) {
    limitCommands(client, profile.commandLimitMs);
  }
  watchState(client, watcher);
  return client;
}

function watchState(client: RedisClient, { onError, onReady }: RedisWatcher): void {
  let state: 'unknown' | 'up' | 'down' = 'unknown';
  client.on('error', (error: Error) => {
    if (state !== 'down') {
      state = 'down';
      onError?.(withoutArguments(error));
    }
  });
  client.on('ready', () => {
    if (state !== 'up') {
      state = 'up';
      onReady?.();
    }
  });
}

/** ioredis' errors carry the command with its arguments, for a login the password. */
function withoutArguments(error: Error): Error {
  const { type, message, code } = serializeError(error);
  return Object.assign(new Error(message), { name: type }, code === undefined ? {} : { code });
}
