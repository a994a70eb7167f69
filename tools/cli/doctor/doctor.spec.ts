import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';

import { TenantDigest } from '#enrichment';
import { Ledger, RedisLedgerStore } from '#ledger';

import { startRedis } from '../../../test/support/redis-server.js';
import { run } from '../testing/cli-bench.js';
import type { CliRun } from '../testing/cli-bench.js';

import { nodeFinding } from './doctor.js';

const KEY = 'canary-key-0123456789';
const JWKS = JSON.stringify({ keys: [{ kty: 'RSA', kid: 'one' }] });

/** Answers by path: the JWKS host and SecurityTrails in one. */
async function listen(listener: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

/** Of a Redis that is not there. */
async function awayUrl(login = ''): Promise<string> {
  const { server } = await listen(() => undefined);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `redis://${login}127.0.0.1:${String(port)}`;
}

describe('doctor', () => {
  let queue: Awaited<ReturnType<typeof startRedis>>;
  let cache: Awaited<ReturnType<typeof startRedis>>;
  let server: Server;
  let origin: string;
  let jwks: string;
  let usage: [number, string];
  let usageCalls: number;

  beforeAll(async () => {
    queue = await startRedis({ args: ['--appendonly', 'yes'] });
    const limits = ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lfu'];
    cache = await startRedis({ args: limits });
  });

  afterAll(async () => {
    await Promise.all([queue.stop(), cache.stop()]);
  });

  beforeEach(async () => {
    jwks = JWKS;
    usageCalls = 0;
    usage = [200, '{"current_monthly_usage":12,"allowed_monthly_usage":50}'];
    ({ server, origin } = await listen((request, response) => {
      const isUsage = request.url === '/v1/account/usage' && request.headers['apikey'] === KEY;
      usageCalls += isUsage ? 1 : 0;
      response.statusCode = isUsage ? usage[0] : 200;
      response.end(isUsage ? usage[1] : jwks);
    }));
  });

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  async function examine(env: NodeJS.ProcessEnv = {}, args: string[] = []): Promise<CliRun> {
    return run(['doctor', ...args], {
      env: {
        REDIS_URL: queue.url,
        CACHE_REDIS_URL: cache.url,
        PUBLIC_URL: 'https://relay.example.com',
        JWKS_HOSTS: 'keys.example.com',
        SECURITYTRAILS_API_URL: `${origin}/v1`,
        SECURITYTRAILS_API_KEY: KEY,
        ...env,
      },
      now: Date.now,
      fetch: (url, init) =>
        fetch((url as string).replace('https://keys.example.com', origin), init),
    });
  }

  const lineOf = ({ printed }: CliRun, name: string): string =>
    printed.find((line) => line.slice(6).startsWith(name)) ?? '';

  it('finds nothing wrong with a complete installation', async () => {
    const result = await examine();
    expect(result.printed.map((line) => line.slice(0, 21).replace(/ +/, ' ').trim())).toEqual([
      'ok configuration',
      'ok Node',
      'ok queue Redis',
      'ok queue eviction',
      'ok queue on disk',
      'ok cache Redis',
      'ok cache eviction',
      'ok clock',
      'ok JWKS',
      'ok API key',
    ]);
    expect(result.exitCode).toBe(0);
  });

  it('counts the calls left this month', async () => {
    expect(lineOf(await examine(), 'API key')).toMatch(/works; 38 of 50 calls left this month$/);
  });

  it('warns when few calls are left', async () => {
    usage = [200, '{"current_monthly_usage":50,"allowed_monthly_usage":50}'];
    const result = await examine();
    expect(lineOf(result, 'API key')).toMatch(/^warn .* 0 of 50 calls left/);
    expect(result.exitCode).toBe(0);
  });

  it('fails for a key that SecurityTrails refuses, without repeating it', async () => {
    usage = [401, 'Please check user credentials'];
    const result = await examine();
    expect(lineOf(result, 'API key')).toMatch(/^FAIL .*bad_key — copy it again/);
    expect(result.exitCode).toBe(1);
    expect(result.printed.join('\n') + result.remarked).not.toContain('canary');
  });

  it('asks nothing upstream without a key', async () => {
    const result = await examine({ SECURITYTRAILS_API_KEY: '' });
    expect(lineOf(result, 'API key')).toMatch(/^skip /);
  });

  describe('the call for the usage', () => {
    const tenant = new TenantDigest().of(KEY);
    const LIMIT = 'SECURITYTRAILS_HARD_MONTHLY_LIMIT';
    let redis: Redis;

    beforeEach(async () => {
      redis = new Redis(queue.url);
      await redis.flushall();
    });

    afterEach(async () => {
      await redis.quit();
    });

    async function booked(groupBy: 'CAUSE' | 'ENDPOINT') {
      const ledger = new Ledger({
        store: new RedisLedgerStore(redis),
        clock: Date.now,
        newId: () => 'unused',
        interactiveReserve: 0,
        onTrouble: () => undefined,
      });
      const rows = await ledger.rows({ tenant, groupBy });
      return rows.filter(({ calls }) => calls > 0);
    }

    it('is booked as one for the health of the service', async () => {
      await examine();
      expect(usageCalls).toBe(1);
      expect(await booked('ENDPOINT')).toMatchObject([{ key: 'usage', calls: 1, failed: 0 }]);
      expect(await booked('CAUSE')).toMatchObject([{ key: 'HEALTH', calls: 1 }]);
    });

    it('is booked also when the key is refused', async () => {
      usage = [401, 'Please check user credentials'];
      await examine();
      expect(await booked('ENDPOINT')).toMatchObject([{ key: 'usage', calls: 1, failed: 1 }]);
    });

    it('is not made beyond the hard limit', async () => {
      expect(lineOf(await examine({ [LIMIT]: '1' }), 'API key')).toMatch(/^ok /);
      const result = await examine({ [LIMIT]: '1' });
      expect(lineOf(result, 'API key')).toMatch(/^warn .*not asked: .*LIMIT is reached — wait/);
      expect(result.exitCode).toBe(0);
      expect(usageCalls).toBe(1);
      expect(await booked('CAUSE')).toMatchObject([{ calls: 1 }]);
    });

    it('is not made uncounted when there is a hard limit', async () => {
      const env = { REDIS_URL: await awayUrl(), [LIMIT]: '100' };
      expect(lineOf(await examine(env), 'API key')).toMatch(/^skip .*could not be counted/);
      expect(usageCalls).toBe(0);
    });
  });

  it('warns of a short SECRET_KEY, without repeating it', async () => {
    const result = await examine({ SECRET_KEY: 'canary-secret' });
    expect(lineOf(result, 'SECRET_KEY')).toMatch(/^warn .*shorter than 32 bytes/);
    expect(result.printed.join('\n')).not.toContain('canary');
    expect(result.exitCode).toBe(0);
  });

  it('fails when a host answers without keys', async () => {
    jwks = '<html>';
    expect(lineOf(await examine(), 'JWKS')).toMatch(
      /^FAIL .*keys\.example\.com answers 200 without/,
    );
  });

  it('says why a host cannot be reached', async () => {
    server.close();
    server.closeAllConnections();
    const result = await examine({ JWKS_HOSTS: 'keys.example.com', SECURITYTRAILS_API_KEY: '' });
    expect(lineOf(result, 'JWKS')).toMatch(/cannot be reached: ECONNREFUSED — let https out to it/);
  });

  it('fails when the queue may evict, and when it is not on disk', async () => {
    const result = await examine({ REDIS_URL: cache.url, CACHE_REDIS_URL: cache.url });
    expect(lineOf(result, 'queue eviction')).toMatch(/^FAIL .*allkeys-lfu — set maxmemory-policy/);
    expect(lineOf(result, 'queue on disk')).toMatch(/^(FAIL|warn)/);
    expect(lineOf(result, 'cache Redis')).toMatch(/^warn .*the same as the queue/);
  });

  it('fails for a Redis that is away, without its password; the key is asked for uncounted', async () => {
    const result = await examine({ REDIS_URL: await awayUrl(':canary-password@') });
    expect(lineOf(result, 'queue Redis')).toMatch(/^FAIL .*cannot be reached: .+ — start it/);
    expect(lineOf(result, 'API key')).toMatch(/^ok .*38 of 50 .*; the ledger may lack this call/);
    expect(usageCalls).toBe(1);
    expect(result.printed.join('\n')).not.toContain('canary');
  });

  it('names each fault of the configuration and stops there', async () => {
    const result = await examine({ PORT: 'canary', PUBLIC_URL: '' });
    expect(result.printed.filter((line) => line.startsWith('FAIL  configuration'))).toHaveLength(2);
    expect(lineOf(result, 'the rest')).toMatch(/^skip /);
    expect(result.printed.join('\n')).not.toContain('canary');
    expect(result.exitCode).toBe(1);
  });

  it('looks with the worker’s eyes when asked to', async () => {
    const result = await examine({ SECURITYTRAILS_API_KEY: '' }, ['--for', 'worker']);
    expect(lineOf(result, 'configuration')).toMatch(/^FAIL .*SECURITYTRAILS_API_KEY/);
  });
});

describe('nodeFinding', () => {
  it.each([
    ['24.0.0', 'ok'],
    ['26.1.0', 'ok'],
    ['22.21.0', 'FAIL'],
  ])('judges %s', (version, level) => {
    expect(nodeFinding(version).level).toBe(level);
  });
});
