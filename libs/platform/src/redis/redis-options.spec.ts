import { describe, expect, it } from '@jest/globals';
import { parseRedisUrl } from '../config/redis-url.js';
import {
  connectionOptions,
  requestPathProfile,
  retryDelayMs,
  workerProfile,
} from './redis-options.js';

function optionsFor(url: string) {
  const parsed = parseRedisUrl(url);
  if ('problem' in parsed) {
    throw new Error(parsed.problem);
  }
  return connectionOptions(parsed.value);
}

describe('retryDelayMs', () => {
  it('doubles from 50 ms up to a second', () => {
    expect([1, 2, 3, 5, 6, 100].map((attempt) => retryDelayMs(attempt, () => 0))).toEqual([
      50, 100, 200, 800, 1_000, 1_000,
    ]);
  });

  it('adds up to 200 ms of jitter', () => {
    expect(retryDelayMs(1, () => 0.5)).toBe(150);
    expect(retryDelayMs(1_000_000, () => 0.999)).toBe(1_199);
  });
});

describe('the profiles', () => {
  it('reconnect for READONLY only; the worker sends the command again', () => {
    const readOnly = new Error("READONLY You can't write against a read only replica.");
    const request = requestPathProfile(Math.random).connection.reconnectOnError;
    const worker = workerProfile(Math.random).connection.reconnectOnError;
    expect([request?.(readOnly), worker?.(readOnly)]).toEqual([1, 2]);
    expect([request?.(new Error('WRONGTYPE')), worker?.(new Error('OOM'))]).toEqual([false, false]);
  });

  it('give every reconnection the jitter they were given', () => {
    for (const { single, cluster } of [requestPathProfile(() => 0.5), workerProfile(() => 0.5)]) {
      expect(single.retryStrategy?.(1)).toBe(150);
      expect(cluster.clusterRetryStrategy?.(1)).toBe(150);
    }
  });
});

describe('connectionOptions', () => {
  it('leads to one server, with TLS and login when the URL says so', () => {
    expect(optionsFor('redis://192.0.2.1/1')).toEqual({ host: '192.0.2.1', port: 6379, db: 1 });
    expect(optionsFor('rediss://u:p@192.0.2.1')).toEqual({
      host: '192.0.2.1',
      port: 6379,
      db: 0,
      username: 'u',
      password: 'p',
      tls: {},
    });
  });

  it('leads through sentinels, with TLS on both legs', () => {
    expect(optionsFor('rediss+sentinel://:p@192.0.2.1/main')).toEqual({
      name: 'main',
      sentinels: [{ host: '192.0.2.1', port: 26_379 }],
      db: 0,
      password: 'p',
      tls: {},
      sentinelTLS: {},
      enableTLSForSentinelMode: true,
      failoverDetector: true,
    });
  });

  it('leaves the nodes of a cluster to the cluster client', () => {
    expect(optionsFor('redis+cluster://:p@192.0.2.1')).toEqual({ password: 'p' });
  });
});
