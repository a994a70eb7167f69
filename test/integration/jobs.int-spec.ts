import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';

import {
  BullmqRefreshEnqueuer,
  BullmqRefreshQueue,
  BullmqTickSchedule,
  JOB_KEY_PREFIX,
  jobPriority,
  REFRESH_QUEUE,
  RedisWorkerPresence,
  refreshDeduplicationId,
  SCHEDULE_QUEUE,
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
      priority: jobPriority(JOB),
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

  it('says of each of many whether it is new, in the order asked', async () => {
    const other: RefreshJob = { ...JOB, observable: { type: 'ip', value: '192.0.2.1' } };
    await enqueuer.enqueue(other);
    await expect(enqueuer.enqueueMany([JOB, other, JOB])).resolves.toEqual([
      'queued',
      'already',
      'already',
    ]);
    await expect(enqueuer.enqueueMany([])).resolves.toEqual([]);
    await expect(queue.getPrioritizedCount()).resolves.toBe(2);
  });

  it('lets a more urgent wish raise the job that waits, and a less urgent one not lower it', async () => {
    const low: RefreshJob = { ...JOB, cause: 'scheduled', priority: 'LOW', since: 1 };
    const others = ['192.0.2.1', '192.0.2.2'].map((value): RefreshJob => ({
      ...low,
      priority: 'HIGH',
      observable: { type: 'ip', value },
    }));
    await enqueuer.enqueueMany([...others, low]);
    const values = async () =>
      (await queue.getJobs(['prioritized'], 0, -1, true)).map((job) => job.data.observable.value);
    await expect(values()).resolves.toEqual(['192.0.2.1', '192.0.2.2', 'example.com']);
    await expect(enqueuer.enqueue(JOB)).resolves.toBe('already');
    await expect(values()).resolves.toEqual(['example.com', '192.0.2.1', '192.0.2.2']);
    await enqueuer.enqueue({ ...JOB, cause: 'operator' });
    const [first] = await queue.getJobs(['prioritized'], 0, 0, true);
    expect(first).toMatchObject({ data: { ...low, cause: 'operator' }, priority: 10 });
  });

  it('puts what the schedule asks for again before all else', async () => {
    const low: RefreshJob = { ...JOB, cause: 'scheduled', priority: 'LOW', since: 1 };
    const address = { type: 'ip', value: '192.0.2.1' } as const;
    await enqueuer.enqueueMany([
      { ...low, priority: 'HIGH', first: true, observable: address },
      low,
    ]);
    await enqueuer.enqueue({ ...low, since: 2 });
    const [first] = await queue.getJobs(['prioritized'], 0, 0, true);
    expect(first).toMatchObject({ data: low, priority: 5 });
  });

  it('makes what is scheduled the operator’s wish once one asks for it', async () => {
    const scheduled: RefreshJob = { ...JOB, cause: 'scheduled', since: 1 };
    await enqueuer.enqueue(scheduled);
    await enqueuer.enqueue({ ...JOB, cause: 'operator', since: 2 });
    const [first] = await queue.getJobs(['prioritized'], 0, 0, true);
    expect(first).toMatchObject({ data: { ...scheduled, cause: 'operator' }, priority: 20 });
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
    await expect(eventually(() => enqueuer.enqueue(JOB))).resolves.toBe('already');
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

describe('a look at the queue', () => {
  it('tells what waits, since when, and whether there is a job for something', async () => {
    const looker = new BullmqRefreshQueue(redis, (error) => errors.push(error));
    await expect(looker.figures()).resolves.toMatchObject({
      prioritized: 0,
      paused: false,
      oldestWaitingAt: null,
    });
    await enqueuer.enqueue(JOB);
    const job = await queue.getJobs(['prioritized']);
    const other: RefreshJob = { ...JOB, observable: { type: 'ip', value: '192.0.2.1' } };
    await expect(looker.held([other, JOB])).resolves.toEqual([false, true]);
    // What comes in on its own does not keep out what is due.
    await expect(looker.waiting()).resolves.toBe(0);
    await enqueuer.enqueue({ ...other, cause: 'scheduled' });
    await expect(looker.waiting()).resolves.toBe(1);
    await expect(looker.figures()).resolves.toMatchObject({
      name: 'refresh',
      prioritized: 2,
      oldestWaitingAt: job[0]?.timestamp,
    });
    await looker.close();
  });
});

describe('the ticks', () => {
  it('come from one scheduler, whoever sets it up, and again when it was lost', async () => {
    const ticks = new BullmqTickSchedule(redis, (error) => errors.push(error));
    const schedule = new Queue(SCHEDULE_QUEUE, { connection: redis, prefix: JOB_KEY_PREFIX });
    const now = Date.now();
    await Promise.all([ticks.ensure(now), ticks.ensure(now), ticks.ensure(now)]);
    await expect(schedule.getJobSchedulersCount()).resolves.toBe(1);
    await expect(schedule.getJobCountByTypes('delayed', 'prioritized', 'wait')).resolves.toBe(1);
    await schedule.removeJobScheduler('due');
    await ticks.ensure(now);
    await expect(schedule.getJobSchedulersCount()).resolves.toBe(1);
    await Promise.all([ticks.close(), schedule.close()]);
  });

  it('are set up anew when the next one is overdue, and left alone before', async () => {
    const ticks = new BullmqTickSchedule(redis, (error) => errors.push(error));
    const schedule = new Queue(SCHEDULE_QUEUE, { connection: redis, prefix: JOB_KEY_PREFIX });
    const jobs = () => schedule.getJobCountByTypes('delayed', 'prioritized', 'wait');
    await ticks.ensure(Date.now());
    await schedule.obliterate({ force: true });
    // As a Redis that lost its last second may have it: the scheduler without its next job.
    await redis.zadd('{st}:schedule:repeat', Date.now(), 'due');
    await redis.hset('{st}:schedule:repeat:due', { name: 'due', every: 500, ic: 1 });
    await ticks.ensure(Date.now());
    await expect(jobs()).resolves.toBe(0);
    await ticks.ensure(Date.now() + 10_000);
    await expect(jobs()).resolves.toBe(1);
    await Promise.all([ticks.close(), schedule.close()]);
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
