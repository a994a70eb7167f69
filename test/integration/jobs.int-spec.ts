import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';

import {
  BullmqRefreshEnqueuer,
  JOB_KEY_PREFIX,
  PRIORITY,
  REFRESH_QUEUE,
  RedisWorkerPresence,
  refreshDeduplicationId,
} from '#jobs';
import type { RefreshJob } from '#jobs';
import { closeRedis, connectRedis, requestPathRedis } from '#platform';
import type { RedisClient } from '#platform';

import { ageRedis } from '../support/age-redis.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';

const DAY_SECONDS = 86_400;
const JOB: RefreshJob = {
  tenant: '0123456789abcdef0123456789abcdef',
  observable: { type: 'domain', value: 'example.com' },
  cause: 'stale',
};

let server: RedisServer;
let redis: RedisClient;
let queue: Queue<RefreshJob>;
let enqueuer: BullmqRefreshEnqueuer;
let errors: Error[];

beforeAll(async () => {
  server = await startRedis();
});

afterAll(async () => {
  await server.stop();
});

beforeEach(async () => {
  errors = [];
  redis = requestPathRedis(server.url);
  await connectRedis(redis);
  await redis.flushall();
  queue = new Queue<RefreshJob>(REFRESH_QUEUE, { connection: redis, prefix: JOB_KEY_PREFIX });
  queue.on('error', () => undefined);
  enqueuer = new BullmqRefreshEnqueuer(redis, (error) => errors.push(error));
});

afterEach(async () => {
  await Promise.all([enqueuer.close(), queue.close()]);
  await closeRedis(redis, 100);
});

describe('enqueueing a refresh', () => {
  it('makes one job of a thousand wishes for the same', async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => enqueuer.enqueue(JOB)));
    await expect(queue.getPrioritizedCount()).resolves.toBe(1);
    await enqueuer.enqueue({ ...JOB, cause: 'scheduled' });
    await expect(queue.getJobCountByTypes()).resolves.toBe(1);
  });

  it('makes jobs of their own for other observables and tenants', async () => {
    const jobs: RefreshJob[] = [
      JOB,
      { ...JOB, tenant: JOB.tenant.replace('0', '1') },
      { ...JOB, observable: { type: 'ip', value: '192.0.2.1' } },
      { ...JOB, observable: { type: 'ipv6', value: '2001:db8::1' } },
      { ...JOB, observable: { type: 'ipv6', value: '2001:db8:1:2:3:4:5:6' } },
    ];
    await Promise.all(jobs.map((job) => enqueuer.enqueue(job)));
    const held = await queue.getJobs(['prioritized']);
    expect(held.map(({ data }) => data)).toEqual(expect.arrayContaining(jobs));
    expect(held).toHaveLength(jobs.length);
  });

  it('says how urgent it is, how often to try and how long to keep it', async () => {
    await enqueuer.enqueue(JOB);
    const [job] = await queue.getJobs(['prioritized']);
    expect(job).toMatchObject({ name: REFRESH_QUEUE, data: JOB });
    expect(job?.opts).toMatchObject({
      priority: PRIORITY.stale,
      attempts: 4,
      backoff: { type: 'exponential', delay: 5_000, jitter: 0.5 },
      removeOnComplete: { count: 1_000, age: DAY_SECONDS },
      removeOnFail: { count: 1_000, age: 7 * DAY_SECONDS },
    });
    expect(job?.deduplicationId).toBe(refreshDeduplicationId(JOB));
  });

  it('puts what an analyst was served stale before what is scheduled', async () => {
    await enqueuer.enqueue({ ...JOB, cause: 'scheduled' });
    await enqueuer.enqueue({ ...JOB, observable: { type: 'ip', value: '192.0.2.1' } });
    const order = (await queue.getJobs(['prioritized'], 0, -1, true)).map(({ data }) => data.cause);
    expect(order).toEqual(['stale', 'scheduled']);
  });

  it('leaves neither key nor observable in the names of Redis keys', async () => {
    await enqueuer.enqueue({ ...JOB, observable: { type: 'ipv6', value: '2001:db8::1' } });
    const names = await redis.keys('*');
    expect(names.length).toBeGreaterThan(0);
    expect(names.every((name) => name.startsWith('{st}:refresh:'))).toBe(true);
    expect(names.join('\n')).not.toContain('2001:db8');
  });

  it('refuses a job that no worker would take', async () => {
    const job = { ...JOB, tenant: 'an API key by mistake' };
    await expect(enqueuer.enqueue(job)).rejects.toMatchObject({ code: 'invalid_payload' });
    await expect(queue.getJobCountByTypes()).resolves.toBe(0);
  });

  it('fails fast while Redis is away, and works again when it is back', async () => {
    await enqueuer.enqueue(JOB);
    await server.kill();
    const begun = performance.now();
    await expect(enqueuer.enqueue(JOB)).rejects.toThrow();
    await expect(enqueuer.enqueue(JOB)).rejects.toThrow();
    expect(performance.now() - begun).toBeLessThan(1_000);
    await server.restart();
    await eventually(() => enqueuer.enqueue(JOB));
    await expect(queue.getJobCountByTypes()).resolves.toBe(1);
    expect(errors.every((error) => error instanceof Error)).toBe(true);
  });

  it('fails fast while Redis is frozen', async () => {
    await enqueuer.enqueue(JOB);
    server.freeze();
    const begun = performance.now();
    await expect(enqueuer.enqueue(JOB)).rejects.toThrow('Command timed out');
    expect(performance.now() - begun).toBeLessThan(1_000);
    server.thaw();
    await expect(eventually(() => enqueuer.enqueue(JOB))).resolves.toBeUndefined();
  });

  it('is built while Redis is away, and works when it is there', async () => {
    await server.kill();
    const away = requestPathRedis(server.url);
    const early = new BullmqRefreshEnqueuer(away, () => undefined);
    const wishes = Array.from({ length: 20 }, () => early.enqueue(JOB));
    const settled = await Promise.allSettled(wishes);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    const listeners = away.listenerCount('ready');
    await Promise.allSettled([early.enqueue(JOB)]);
    expect(away.listenerCount('ready')).toBe(listeners);
    await server.restart();
    await eventually(() => early.enqueue(JOB));
    await expect(away.keys('{st}:refresh:prioritized')).resolves.toHaveLength(1);
    await early.close();
    await closeRedis(away, 100);
    await eventually(() => redis.ping());
  });
});

describe('the presence of a worker', () => {
  it('is known to all for half a minute after it was announced', async () => {
    const presence = new RedisWorkerPresence(redis);
    await expect(presence.has(JOB.tenant)).resolves.toBe(false);
    await presence.announce(JOB.tenant);
    await expect(presence.has(JOB.tenant)).resolves.toBe(true);
    await expect(presence.has('another tenant')).resolves.toBe(false);
    await ageRedis(redis, 20_000);
    await expect(presence.has(JOB.tenant)).resolves.toBe(true);
    await ageRedis(redis, 10_000);
    await expect(presence.has(JOB.tenant)).resolves.toBe(false);
  });

  it('lasts for as long as it is announced again', async () => {
    const presence = new RedisWorkerPresence(redis);
    for (let announcement = 0; announcement < 5; announcement += 1) {
      await presence.announce(JOB.tenant);
      await ageRedis(redis, 20_000);
    }
    await expect(presence.has(JOB.tenant)).resolves.toBe(true);
  });

  it('ends at once when it is withdrawn', async () => {
    const presence = new RedisWorkerPresence(redis);
    await presence.announce(JOB.tenant);
    await presence.withdraw(JOB.tenant);
    await expect(presence.has(JOB.tenant)).resolves.toBe(false);
  });
});

/** Repeats the command until it succeeds, for four seconds at most. */
async function eventually<T>(command: () => Promise<T>): Promise<T> {
  const until = performance.now() + 4_000;
  for (;;) {
    try {
      return await command();
    } catch (error) {
      if (performance.now() > until) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
