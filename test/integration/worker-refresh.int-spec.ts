import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import type { Job } from 'bullmq';

import { TenantDigest } from '#enrichment';
import { BullmqRefreshEnqueuer, JOB_KEY_PREFIX, REFRESH_QUEUE, RedisWorkerPresence } from '#jobs';
import type { RefreshJob } from '#jobs';
import { closeRedis, connectRedis, requestPathRedis } from '#platform';
import type { RedisClient } from '#platform';

import { eventually } from '../support/eventually.js';
import { asDomains, observe } from '../support/observing.js';
import { API_KEY, startStack } from '../support/relay-stack.js';
import type { RelayStack } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';
import { ACTOR, domain, valueOf, watchWorldOn } from '../support/watch-world.js';

const TENANT = new TenantDigest().of(API_KEY);
const FOREIGN = 'f'.repeat(32);

let stack: RelayStack;
let worker: ServiceProcess;
let redis: RedisClient;
let queue: Queue<RefreshJob, string>;
let enqueuer: BullmqRefreshEnqueuer;
let presence: RedisWorkerPresence;

beforeAll(async () => {
  stack = await startStack({ env: { CACHE_FRESH_SECONDS: '3', CACHE_STALE_SECONDS: '600' } });
  worker = await stack.add('worker');
  redis = requestPathRedis(stack.redis.url);
  await connectRedis(redis, 2_000);
  queue = new Queue<RefreshJob, string>(REFRESH_QUEUE, {
    connection: redis,
    prefix: JOB_KEY_PREFIX,
  });
  enqueuer = new BullmqRefreshEnqueuer(redis, () => undefined);
  presence = new RedisWorkerPresence(redis);
  await eventually(
    () => presence.has(TENANT),
    (here) => here,
  );
}, 20_000);

afterEach(async () => {
  stack.simulator.clearFaults();
  stack.simulator.setKey(API_KEY, { monthly: 10_000_000 });
  stack.simulator.resetCounters();
  await queue.obliterate({ force: true });
});

afterAll(async () => {
  await enqueuer.close();
  await queue.close();
  await closeRedis(redis);
  await stack.stop();
}, 20_000);

function wish(host: string, tenant = TENANT): RefreshJob {
  return { tenant, observable: { type: 'domain', value: host }, cause: 'stale' };
}

type State = 'completed' | 'failed' | 'delayed' | 'waiting' | 'active' | 'prioritized';

/** The only job that there is, once it is in that state. */
async function jobThatIs(state: State): Promise<Job<RefreshJob, string>> {
  const [job] = await eventually(
    () => queue.getJobs([state]),
    (jobs) => jobs.length > 0,
  );
  if (job === undefined) {
    throw new Error('No job');
  }
  return job;
}

/** The short description of what the relay says about a name. */
async function told(host: string): Promise<string> {
  const { docs } = await observe(stack.relay.url, asDomains(host));
  return docs[0]?.short_description ?? '';
}

async function calls(service: ServiceProcess, lane: string): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.includes('upstream_calls') && line.includes(`lane="${lane}"`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('a stale answer', () => {
  it('is refreshed by the worker, once, through the cache that the relay answers from', async () => {
    // It has no IPv6: of its two questions one is negative and does not go stale.
    const host = 'quiet.example.com';
    expect(await told(host)).toContain('from SecurityTrails, just now');
    await eventually(
      () => told(host),
      (text) => text.includes('being refreshed'),
    );
    await Promise.all(Array.from({ length: 10 }, () => told(host)));
    const job = await jobThatIs('completed');
    expect(job.returnvalue).toBe('done');
    expect(await told(host)).toMatch(/^from cache, [012] s old, pages 1 of 1, 0 upstream calls$/);
    expect(await queue.getJobCountByTypes('completed', 'waiting', 'prioritized', 'active')).toBe(1);
    // Two by the relay, one by the worker, which before it looked how much it may spend.
    expect(stack.simulator.counters().byEndpoint).toEqual({ history: 3, usage: 1 });
    expect([await calls(stack.relay, 'background'), await calls(worker, 'background')]).toEqual([
      0, 1,
    ]);
  });

  it('leaves nothing in the job but whose and what', async () => {
    await enqueuer.enqueue(wish('long.example.com'));
    const job = await jobThatIs('completed');
    expect(job.data).toEqual(wish('long.example.com'));
    const keys = await redis.keys('*refresh*');
    const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    expect(keys.length).toBeGreaterThan(0);
    expect(Buffer.concat(dumps).includes(API_KEY)).toBe(false);
    expect(keys.join(' ')).not.toContain(API_KEY);
  });
});

describe("a job for another customer's key", () => {
  it('is ended without a call when no worker holds that key', async () => {
    await enqueuer.enqueue(wish('moved.example.com', FOREIGN));
    expect((await jobThatIs('completed')).returnvalue).toBe('nobody');
    expect(stack.simulator.counters().total).toBe(0);
  });

  it('waits for the worker that holds that key, as long as there is one', async () => {
    await presence.announce(FOREIGN);
    await enqueuer.enqueue(wish('moved.example.com', FOREIGN));
    const waiting = await jobThatIs('delayed');
    expect(waiting.attemptsMade).toBe(0);
    await presence.withdraw(FOREIGN);
    await waiting.promote().catch(() => undefined);
    expect((await jobThatIs('completed')).returnvalue).toBe('nobody');
    expect(stack.simulator.counters().total).toBe(0);
  });
});

describe('a refresh that fails', () => {
  it('halts all work of a key that upstream refuses, without a failed job', async () => {
    stack.simulator.setKey(API_KEY, null);
    await enqueuer.enqueue(wish('v6.example.com'));
    const job = await jobThatIs('delayed');
    expect(job.attemptsMade).toBe(0);
    const refused = stack.simulator.counters().byStatus['401'];
    expect(refused).toBeGreaterThan(0);
    await enqueuer.enqueue(wish('moved.example.com'));
    await eventually(
      () => queue.getDelayedCount(),
      (count) => count === 2,
    );
    expect(stack.simulator.counters().byStatus).toEqual({ 401: refused });
    expect(await queue.getFailedCount()).toBe(0);
    await redis.del(`{st}:w:halt:${TENANT}`);
  });

  it('is given up at once when nobody can read what it is about', async () => {
    await queue.add(REFRESH_QUEUE, { tenant: API_KEY } as unknown as RefreshJob, {
      attempts: 4,
      priority: 1,
    });
    const job = await jobThatIs('failed');
    expect(job).toMatchObject({ failedReason: 'invalid_payload', attemptsMade: 1 });
    expect(worker.output.join('\n')).not.toContain(API_KEY);
  });

  it('is tried again later when upstream is down, and says no more than a code', async () => {
    stack.simulator.fault({ kind: 'status', status: 503, body: 'CANARY of upstream' });
    await enqueuer.enqueue(wish('cdn.example.com'));
    const job = await jobThatIs('delayed');
    expect(job).toMatchObject({ failedReason: 'server', attemptsMade: 1 });
    expect(JSON.stringify(job.stacktrace)).not.toContain('CANARY');
    stack.simulator.clearFaults();
    await job.promote();
    expect((await jobThatIs('completed')).returnvalue).toBe('done');
  });

  it('waits without using up an attempt while the quota is used up', async () => {
    stack.simulator.setKey(API_KEY, { monthly: 0 });
    await enqueuer.enqueue(wish('new.example.com'));
    const job = await jobThatIs('delayed');
    expect(job.attemptsMade).toBe(0);
    expect(job.delay).toBeGreaterThan(800_000);
    expect(stack.simulator.counters().byStatus['429']).toBeLessThanOrEqual(2);
    await redis.del(`st:circuit:{${TENANT}}`);
  });
});

describe('a watched list', () => {
  it('is fetched as soon as it is there, and the metrics tell of it', async () => {
    const watch = watchWorldOn(redis);
    watch.now = Date.now();
    const { id } = valueOf(await watch.lists.create({ name: 'suspects', priority: 'HIGH' }, ACTOR));
    const wish = { observable: domain('moved.example.com') };
    valueOf(await watch.members.add(id, [wish], ACTOR));
    await eventually(
      () => watch.reader.watchedBy([wish.observable]),
      ([places = []]) => places[0]?.state === 'FRESH',
    );
    expect(stack.simulator.counters().byEndpoint['history']).toBe(2);
    const page = await (await fetch(`${worker.url}/metrics`)).text();
    const lines = page.split('\n').filter((line) => line.startsWith('st_'));
    expect(lines).toEqual(
      expect.arrayContaining([
        'st_due_lag_seconds 0',
        'st_due_observables{priority="HIGH"} 0',
        'st_queue_oldest_waiting_seconds 0',
        'st_queue_jobs{state="active"} 0',
        'st_work_resting{reason="bad_key"} 0',
        'st_quota_calls{figure="limit"} 10000000',
      ]),
    );
    const made = lines.filter((line) => line.includes('cause="FIRST_FETCH"'));
    expect(made.some((line) => line.startsWith('st_upstream_calls_total{endpoint="history"'))).toBe(
      true,
    );
    expect(page).not.toContain('moved.example.com');
    valueOf(await watch.lists.delete(id));
  });
});

describe('a worker that ends', () => {
  it('says that it is gone and exits with 0', async () => {
    expect(await worker.stop()).toBe(0);
    expect(await presence.has(TENANT)).toBe(false);
  });
});
