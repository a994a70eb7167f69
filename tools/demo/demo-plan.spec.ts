import { describe, expect, it } from '@jest/globals';

import type { DemoPlan } from './demo-plan.js';
import {
  keyOf,
  serviceEnvironment,
  simulatorEnvironment,
  simulatorOf,
  urlOf,
} from './demo-plan.js';

const PLAN: DemoPlan = {
  host: '127.0.0.1',
  ports: { relay: 1001, worker: 1002, redis: 1003, simulator: 1004 },
  folder: '.demo',
  secret: 'a-secret-of-the-demo',
  tag: 'x1',
};

describe('serviceEnvironment', () => {
  it('points relay and worker at the demo’s own Redis and simulator', () => {
    expect(serviceEnvironment(PLAN, { PATH: '/bin' })).toMatchObject({
      PATH: '/bin',
      PORT: '1001',
      WORKER_PORT: '1002',
      REDIS_URL: 'redis://127.0.0.1:1003',
      SECURITYTRAILS_API_URL: 'http://127.0.0.1:1004/v1',
      PUBLIC_URL: 'http://127.0.0.1:1001',
    });
  });

  it('uses SecurityTrails itself once there is a key', () => {
    const env = serviceEnvironment({ ...PLAN, realKey: 'a-real-key' }, {});
    expect(env['SECURITYTRAILS_API_KEY']).toBe('a-real-key');
    expect(env['SECURITYTRAILS_API_URL']).toBeUndefined();
    expect(env['SECURITYTRAILS_RPS']).toBeUndefined();
  });

  it('has answers go stale within the story, unless somebody wants it otherwise', () => {
    expect(serviceEnvironment(PLAN, {})['CACHE_FRESH_SECONDS']).toBe('10');
    const given = { CACHE_FRESH_SECONDS: '60' };
    expect(serviceEnvironment(PLAN, given)['CACHE_FRESH_SECONDS']).toBe('60');
    const real = serviceEnvironment({ ...PLAN, realKey: 'a-real-key' }, {});
    expect(real['CACHE_FRESH_SECONDS']).toBeUndefined();
  });

  it('keeps to the Redis it was given', () => {
    const redisUrl = 'redis://192.0.2.5:6379';
    expect(serviceEnvironment({ ...PLAN, redisUrl }, {})['REDIS_URL']).toBe(redisUrl);
  });

  it('drops the file form of what it sets, for both at once are a fault', () => {
    const env = serviceEnvironment(PLAN, { SECRET_KEY_FILE: '/run/secret', REDIS_URL_FILE: '/r' });
    expect(Object.keys(env).filter((name) => name.endsWith('_FILE'))).toEqual([]);
  });
});

describe('simulatorEnvironment', () => {
  it('lets in the key that the token carries', () => {
    const [key] = (simulatorEnvironment(PLAN, {})['SIMULATOR_KEYS'] ?? '').split(':');
    expect(key).toBe(keyOf(PLAN));
  });
});

describe('simulatorOf', () => {
  it('looks around with another key than the one whose calls are counted', () => {
    const { key } = simulatorOf(PLAN);
    expect(key).not.toBe(keyOf(PLAN));
    expect(simulatorEnvironment(PLAN, {})['SIMULATOR_KEYS']).toContain(`,${key}:`);
  });
});

describe('urlOf', () => {
  it('names an address that can be called when every address is bound', () => {
    expect(urlOf({ ...PLAN, host: '0.0.0.0' })).toBe('http://127.0.0.1:1001');
  });
});
