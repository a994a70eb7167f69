import { describe, expect, it } from '@jest/globals';

import { startSimulator } from '../../tools/simulator/simulator.js';
import { startRedis } from '../support/redis-server.js';
import { startService } from '../support/service-process.js';

describe('a worker whose Redis is frozen', () => {
  it('ends within its limits all the same, and exits with 0', async () => {
    const redis = await startRedis();
    const simulator = await startSimulator();
    const worker = await startService('worker', {
      REDIS_URL: redis.url,
      SECURITYTRAILS_API_URL: simulator.url,
      SECURITYTRAILS_API_KEY: 'demo-key',
    });
    redis.freeze();
    const begun = performance.now();
    const code = await worker.stop();
    const ms = performance.now() - begun;
    await Promise.all([simulator.close(), redis.stop()]);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(13_000);
  }, 20_000);
});
