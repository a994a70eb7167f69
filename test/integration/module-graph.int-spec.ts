import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { Server } from 'node:http';

import type { CoreOptions } from '#core';
import { createLogger, loadConfig } from '#platform';
import type { ProcessName, ShutdownStep } from '#platform';

import { createRelay, relayShutdown } from '../../apps/relay/src/relay.js';
import { createWorker, workerShutdown } from '../../apps/worker/src/worker.js';
import { eventually } from '../support/eventually.js';
import { startRedis } from '../support/redis-server.js';
import type { RedisServer } from '../support/redis-server.js';

interface Booted {
  readonly url: string;
  readonly log: readonly string[];
  readonly steps: readonly ShutdownStep[];
  readonly app: INestApplication<Server>;
}

function options(name: ProcessName, redis: RedisServer, log: string[]): CoreOptions {
  const env = {
    REDIS_URL: redis.url,
    SECRET_KEY: 'a-secret-key-of-thirty-two-characters',
    JWKS_HOSTS: '',
    SECURITYTRAILS_API_KEY: 'a-key-of-the-worker',
  };
  const loaded = loadConfig(name, env, () => '');
  if ('faults' in loaded) {
    throw new Error(JSON.stringify(loaded.faults));
  }
  const logger = createLogger({
    level: 'info',
    name,
    destination: { write: (line: string) => void log.push(line) },
  });
  return { process: name, config: loaded.config, logger, version: '9.9.9' };
}

async function boot(name: ProcessName, redis: RedisServer): Promise<Booted> {
  const log: string[] = [];
  const made = options(name, redis, log);
  if (name === 'relay') {
    const app = await createRelay(made);
    await app.listen(0, '127.0.0.1');
    return { url: await app.getUrl(), log, steps: relayShutdown(app), app };
  }
  const app = await createWorker(made);
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), log, steps: workerShutdown(app), app };
}

interface Said {
  readonly status: number;
  readonly body: { readonly status: string; readonly checks: Readonly<Record<string, string>> };
}

async function ready(url: string): Promise<Said> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: (await response.json()) as Said['body'] };
}

describe.each(['relay', 'worker'] as const)('the module graph of the %s', (name) => {
  let redis: RedisServer;
  let booted: Booted;

  beforeAll(async () => {
    redis = await startRedis();
    booted = await boot(name, redis);
  });

  afterAll(async () => {
    for (const step of booted.steps) {
      await step.run();
    }
    await booted.app.close();
    await redis.stop();
  });

  it('boots, with every part that its parts need', async () => {
    const said = await eventually(
      () => ready(booted.url),
      ({ body }) => body.status === 'ready',
    );
    expect(said).toEqual({
      status: 200,
      body: { status: 'ready', checks: { cache: 'ok', queue: 'ok' } },
    });
  });

  it('answers its probes and nothing that is not its own', async () => {
    const statuses = await Promise.all(
      ['livez', 'metrics', 'nowhere'].map(async (path) => {
        const { status, headers } = await fetch(`${booted.url}/${path}`);
        return [status, headers.get('cache-control')];
      }),
    );
    expect(statuses.slice(0, 2)).toEqual([
      [200, 'no-store'],
      [200, 'no-store'],
    ]);
    expect(statuses[2]?.[0]).toBe(404);
  });

  it('shows what it counts, named with its process and version', async () => {
    const text = await (await fetch(`${booted.url}/metrics`)).text();
    expect(text).toContain(`process="${name}"`);
    expect(text).toContain('version="9.9.9"');
    expect(text).toMatch(/cache_flights\S* 0/);
  });

  it('says nothing of a key in its log', () => {
    const log = booted.log.join('\n');
    expect(log).toContain('redis.up');
    expect(log).not.toMatch(/a-key-of-the-worker|a-secret-key/);
  });

  it('is not ready any more from the moment it begins to end', async () => {
    const [first] = booted.steps;
    const ending = first?.run();
    expect(await ready(booted.url)).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    await ending;
  });
});
