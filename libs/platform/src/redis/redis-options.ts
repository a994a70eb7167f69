import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { RedisAddress } from '../config/redis-url.js';

/** How a client behaves when its Redis is slow or away. */
export interface RedisProfile {
  /** Longest time that a command may take; without it a command waits. */
  readonly commandLimitMs?: number;
  /** Of every connection. */
  readonly connection: ConnectionOptions;
  /** Of a client of one server; a cluster client does these things itself. */
  readonly single: ConnectionOptions;
  readonly cluster: ClusterOptions;
}

/** The reply mapping decides a client's type, so it is not a matter of a profile. */
export type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 1_000;
const JITTER_MS = 200;

/**
 * For ever, because a Redis that is away comes back. The cap keeps recovery within two seconds, the
 * jitter keeps the processes from knocking together.
 */
export function retryDelayMs(attempt: number, random: () => number): number {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  return delay + Math.floor(random() * JITTER_MS);
}

/** After a fail-over the old master still answers, read-only: a new connection finds the new one. */
function isReadOnly(error: Error): boolean {
  return error.message.startsWith('READONLY');
}

/**
 * A caller is waiting: fail within 150 ms rather than wait for a Redis that is down, loading or
 * frozen. Nothing is queued while offline and nothing is sent twice, since a lost reply does not say
 * whether the command ran.
 */
export function requestPathProfile(random: () => number): RedisProfile {
  const retryStrategy = (attempt: number) => retryDelayMs(attempt, random);
  return {
    commandLimitMs: 150,
    connection: {
      connectTimeout: 2_000,
      // A connection that owes an answer for this long is dead (frozen peer, lost packets); dropping
      // it makes the next commands fail at once and frees the ones that wait.
      socketTimeout: 2_000,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      // Resending (2) would need the offline queue; the caller gets the READONLY error instead.
      reconnectOnError: (error) => (isReadOnly(error) ? 1 : false),
    },
    single: { retryStrategy, lazyConnect: true, enableOfflineQueue: false },
    cluster: {
      clusterRetryStrategy: retryStrategy,
      enableOfflineQueue: false,
      lazyConnect: true,
      maxRedirections: 3,
      retryDelayOnFailover: 50,
      retryDelayOnClusterDown: 50,
      slotsRefreshTimeout: 2_000,
    },
  };
}

/**
 * Nobody is waiting: commands stay until Redis is back, which BullMQ's blocking reads need
 * (`maxRetriesPerRequest: null`). A blocking read over a dead connection ends after 15 s; the grace
 * keeps a busy event loop from taking a late answer for a missing one.
 */
export function workerProfile(random: () => number): RedisProfile {
  const retryStrategy = (attempt: number) => retryDelayMs(attempt, random);
  return {
    connection: {
      connectTimeout: 5_000,
      blockingTimeout: 15_000,
      blockingTimeoutGrace: 5_000,
      maxRetriesPerRequest: null,
      reconnectOnError: (error) => (isReadOnly(error) ? 2 : false),
    },
    single: { retryStrategy, lazyConnect: true, enableOfflineQueue: true },
    cluster: {
      clusterRetryStrategy: retryStrategy,
      enableOfflineQueue: true,
      lazyConnect: true,
      slotsRefreshTimeout: 5_000,
    },
  };
}

/**
 * Where to connect. Replies keep ioredis' default `replyMapping: 'legacy'`: RESP3 on the wire, but
 * maps as flat lists and doubles as texts, which is what BullMQ's scripts are read with.
 */
export function connectionOptions(address: RedisAddress): ConnectionOptions {
  const { username, password, db, tls, kind } = address;
  const login = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
  switch (kind) {
    case 'single':
      return { ...login, db, ...address.nodes[0] };
    case 'sentinel':
      return {
        ...login,
        db,
        name: address.master ?? '',
        sentinels: [...address.nodes],
        ...(tls ? { sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
        failoverDetector: true,
      };
    case 'cluster':
      return login;
  }
}
