import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Simulator } from '../../tools/simulator/simulator.js';
import { startSimulator } from '../../tools/simulator/simulator.js';
import { eventually } from '../support/eventually.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import type { ServiceProcess } from '../support/service-process.js';
import { startService } from '../support/service-process.js';

let redis: RedisServer;
let simulator: Simulator;
let worker: ServiceProcess;

beforeAll(async () => {
  redis = await startRedis();
  simulator = await startSimulator();
  worker = await startService('worker', {
    REDIS_URL: redis.url,
    SECURITYTRAILS_API_URL: simulator.url,
    SECURITYTRAILS_API_KEY: 'demo-key',
  });
}, 20_000);

afterAll(async () => {
  worker.signal('SIGKILL');
  await Promise.all([worker.ended, simulator.close(), redis.stop()]);
});

async function readiness(): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${worker.url}/readyz`);
  return { status: response.status, body: await response.json() };
}

describe('a worker and its Redis', () => {
  it('is of no use while Redis is away, stays alive, and is ready again afterwards', async () => {
    await redis.kill();
    const away = await eventually(readiness, ({ status }) => status !== 200);
    expect(away).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    expect((await fetch(`${worker.url}/livez`)).status).toBe(200);
    await redis.restart();
    const back = await eventually(readiness, ({ body }) =>
      JSON.stringify(body).includes('"ready"'),
    );
    expect(back).toEqual({
      status: 200,
      body: { status: 'ready', checks: { cache: 'ok', queue: 'ok' } },
    });
  });

  it('ends within its limits while Redis is frozen, and exits with 0', async () => {
    redis.freeze();
    const begun = performance.now();
    expect(await worker.stop()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(13_000);
  }, 20_000);
});
