import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Worker } from 'bullmq';
import type { Job } from 'bullmq';

import { JOB_KEY_PREFIX, REFRESH_QUEUE, RedisWorkerPresence } from '#jobs';
import type { RefreshJob } from '#jobs';
import { createLogger } from '#platform';
import { DEPLOYMENT } from '#watching';

import { RefreshProcessor } from '../../apps/worker/src/refresh/refresh.processor.js';
import { RefreshWorker } from '../../apps/worker/src/refresh/refresh-worker.js';
import { ScheduleWorker } from '../../apps/worker/src/schedule/schedule-worker.js';
import { eventually } from '../support/eventually.js';
import { observableOf, startRefreshWorld } from '../support/refresh-world.js';
import type { RefreshBench, RefreshWorld } from '../support/refresh-world.js';

const HOST = 'watched.example.com';
const LOGGER = createLogger({ level: 'fatal', name: 'worker' });

let world: RefreshWorld;
let bench: RefreshBench;
let closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  world = await startRefreshWorld({ SECURITYTRAILS_TIMEOUT_MS: '500' });
}, 20_000);

beforeEach(async () => {
  bench = await world.begin();
  await bench.watching.ledger.learnUsage(bench.caller.tenant, { used: 0, allowed: 1_000_000 });
});

afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function hosts(count: number, kind: string): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}${index}.example.com`);
}

/** The worker's own loop over the queue, in this process. */
function startWorker(ended: (end: { kind: string }) => void = () => undefined): void {
  const { tenant } = bench.caller;
  const presence = new RedisWorkerPresence(bench.redis);
  const processor = new RefreshProcessor({
    tenant,
    refreshRun: bench.refreshRun(),
    presence,
    metrics: { ended },
    logger: LOGGER,
    clock: () => bench.now,
    queueClock: Date.now,
  });
  const parts = { redis: bench.redis, processor, presence, tenant, concurrency: 4 };
  const worker = new RefreshWorker({ ...parts, logger: LOGGER });
  closing.push(() => worker.close());
}

async function only(state: 'delayed' | 'failed' | 'completed'): Promise<Job<RefreshJob>> {
  const [job] = await eventually(
    () => bench.queue.getJobs([state]),
    (jobs) => jobs[0] !== undefined,
  );
  if (job === undefined) {
    throw new Error('no job');
  }
  return job;
}

/** Books what waits as done, the first so many, without asking anybody. */
async function settleFirst(count: number): Promise<RefreshJob[]> {
  const jobs = await bench.queue.getJobs(['prioritized'], 0, count - 1, true);
  const end = { outcome: 'ok', at: bench.now } as const;
  await Promise.all(
    jobs.map(async (job) => {
      await bench.watching.schedule.settle(job.data.observable, end);
      await job.remove();
    }),
  );
  return jobs.map(({ data }) => data);
}

describe('the order of the queue', () => {
  it('lets a stale wish overtake what is scheduled, also when that is the same observable', async () => {
    await bench.add(await bench.list({ priority: 'HIGH' }), ...hosts(3, 'high'));
    await bench.add(await bench.list({ priority: 'LOW' }), HOST);
    bench.pass(1);
    await bench.tick();
    const order = async () => (await bench.waiting()).map(({ observable }) => observable.value);
    expect((await order()).at(-1)).toBe(HOST);
    const [stranger] = hosts(1, 'seen');
    await bench.enqueuer.enqueue(bench.job(stranger ?? '', { cause: 'stale' }));
    await bench.enqueuer.enqueue(bench.job(HOST, { cause: 'stale' }));
    expect((await order()).slice(0, 2)).toEqual([stranger, HOST]);
    expect(await bench.waiting()).toHaveLength(5);
  });

  it('goes on with low priority while high priority keeps coming', async () => {
    const [high, low] = [hosts(400, 'high'), hosts(40, 'low')];
    await bench.add(await bench.list({ priority: 'HIGH', refreshIntervalSeconds: 3_600 }), ...high);
    await bench.add(await bench.list({ priority: 'LOW', refreshIntervalSeconds: 3_600 }), ...low);
    const done: RefreshJob[] = [];
    for (let round = 0; round < 8; round += 1) {
      // An hour is less than what is due takes: high priority alone would fill every round.
      bench.pass(1.1 / 24);
      await bench.tick();
      done.push(...(await settleFirst(200)));
    }
    const byPriority = (priority: string) => done.filter((job) => job.priority === priority).length;
    // One turn of 21, more while nothing is known of them yet.
    expect(byPriority('LOW')).toBeGreaterThan(done.length / 25);
    expect(byPriority('HIGH')).toBeGreaterThan(5 * byPriority('LOW'));
  }, 10_000);

  it('does a little of low priority even while the queue always holds high priority', async () => {
    const [high, low] = [hosts(600, 'high'), hosts(10, 'low')];
    await bench.add(await bench.list({ priority: 'HIGH', refreshIntervalSeconds: 3_600 }), ...high);
    await bench.add(await bench.list({ priority: 'LOW', refreshIntervalSeconds: 3_600 }), ...low);
    const done: RefreshJob[] = [];
    for (let round = 0; round < 30; round += 1) {
      // Half as much an hour as comes due.
      bench.pass(1 / 24 / 30);
      await bench.tick();
      done.push(...(await settleFirst(10)));
    }
    const early = done.slice(0, 200).filter(({ priority }) => priority === 'LOW');
    expect(done.filter(({ priority }) => priority === 'LOW').length).toBeGreaterThan(5);
    expect(early.length).toBeLessThan(20);
  }, 10_000);

  it('does what is due also while more is served stale than can be refreshed', async () => {
    await bench.add(await bench.list(), HOST);
    const wish = (host: string) => bench.enqueuer.enqueue(bench.job(host, { cause: 'stale' }));
    await Promise.all(hosts(210, 'stale').map(wish));
    const done: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      bench.pass(1 / 24 / 30);
      await bench.tick();
      await Promise.all(hosts(10, `stale${round}-`).map(wish));
      done.push(...(await settleFirst(10)).map(({ observable }) => observable.value));
    }
    expect(done).toContain(HOST);
    expect(done.slice(0, 10)).not.toContain(HOST);
  }, 10_000);

  it('never holds more than what is soon begun', async () => {
    await bench.add(await bench.list(), ...hosts(450, 'many'));
    bench.pass(2);
    await bench.tick();
    await bench.tick();
    expect(await bench.queue.getPrioritizedCount()).toBe(200);
    await settleFirst(50);
    expect((await bench.tick()).enqueued).toBe(50);
  });

  it('asks for a first fetch before a refresh, and says so in the job', async () => {
    const list = await bench.list();
    await bench.add(list, 'old.example.com');
    bench.pass(1);
    await bench.work();
    bench.pass(2);
    await bench.add(list, 'new.example.com');
    await bench.tick();
    expect(await bench.waiting()).toMatchObject([
      { observable: { value: 'new.example.com' }, first: true, priority: 'NORMAL' },
      { observable: { value: 'old.example.com' }, first: false },
    ]);
  });
});

describe('claims whose job was lost', () => {
  it('are due again within seconds; those that have a job are left alone', async () => {
    await bench.add(await bench.list(), ...hosts(3, 'lost'));
    bench.pass(1);
    const lost = await bench.watching.schedule.claimDue(bench.now, 2);
    expect(lost).toHaveLength(2);
    expect(await bench.tick()).toMatchObject({ takenBack: 0, enqueued: 1 });
    bench.now += 6_000;
    expect(await bench.tick()).toMatchObject({ takenBack: 2, enqueued: 2 });
    bench.now += 6_000;
    expect(await bench.tick()).toMatchObject({ takenBack: 0, enqueued: 0 });
    expect(await bench.waiting()).toHaveLength(3);
  });
});

describe('a job', () => {
  it('goes back to wait without using up an attempt when upstream is too busy', async () => {
    await bench.add(await bench.list(), HOST);
    world.simulator.fault({
      kind: 'status',
      status: 429,
      match: { host: HOST, recordType: 'a' },
    });
    startWorker();
    await bench.tick();
    const job = await only('delayed');
    expect(job.attemptsMade).toBe(0);
    expect(await bench.watched(HOST)).toMatchObject({ state: 'REFRESHING', lastError: null });
    world.simulator.clearFaults();
    await job.promote();
    await only('completed');
    expect(await bench.watched(HOST)).toMatchObject({ state: 'FRESH', consecutiveFailures: 0 });
  }, 10_000);

  it('is tried four times, and then its observable backs off', async () => {
    await bench.add(await bench.list(), HOST);
    world.simulator.fault({ kind: 'status', status: 404, match: { host: HOST, recordType: 'a' } });
    world.simulator.fault({ kind: 'malformed', match: { host: HOST, recordType: 'aaaa' } });
    const ends: string[] = [];
    startWorker(({ kind }) => ends.push(kind));
    await bench.tick();
    for (let attempt = 1; attempt < 4; attempt += 1) {
      const job = await only('delayed');
      expect(job.attemptsMade).toBe(attempt);
      expect(await bench.watched(HOST)).toMatchObject({ state: 'REFRESHING' });
      await job.promote();
    }
    const failed = await only('failed');
    expect(failed).toMatchObject({ attemptsMade: 4, failedReason: 'malformed' });
    expect(await bench.watched(HOST)).toMatchObject({ state: 'FAILING', lastError: 'malformed' });
    expect(ends).toEqual(['retry', 'retry', 'retry', 'retry']);
  });

  it('over which its workers died too often lets its observable back off and blocks nothing', async () => {
    await bench.add(await bench.list(), HOST, 'sound.example.com');
    bench.pass(1);
    await bench.tick();
    const poison = (await bench.queue.getJobs(['prioritized'])).find(
      ({ data }) => data.observable.value === HOST,
    );
    await dieOver(poison?.id ?? '', 6);
    const ends: string[] = [];
    startWorker(({ kind }) => ends.push(kind));
    const failed = await only('failed');
    expect(failed.data.observable.value).toBe(HOST);
    await eventually(
      () => bench.watched(HOST),
      ({ state }) => state === 'FAILING',
    );
    expect(await bench.watched(HOST)).toMatchObject({ lastError: 'stalled' });
    expect((await only('completed')).data.observable.value).toBe('sound.example.com');
    expect(ends.toSorted()).toEqual(['done', 'stalled']);
  });

  it('that crashes in our own code is tried again, and backs off in the end', async () => {
    await bench.add(await bench.list(), HOST);
    await bench.redis.set(`{st}:c:${DEPLOYMENT}:k:domain:A:${HOST}`, 'no history at all');
    await bench.tick();
    startWorker();
    for (let attempt = 1; attempt < 4; attempt += 1) {
      await (await only('delayed')).promote();
    }
    expect(await only('failed')).toMatchObject({ failedReason: 'internal' });
    expect(await bench.watched(HOST)).toMatchObject({ state: 'FAILING', lastError: 'internal' });
  });

  it('of a wish that nothing else remembers waits with it, for a day at most', async () => {
    world.simulator.setKey(bench.caller.apiKey, null);
    startWorker();
    await bench.enqueuer.enqueue(bench.job(HOST, { cause: 'stale' }));
    const job = await only('delayed');
    expect(job.attemptsMade).toBe(0);
    await bench.redis.hset(`{st}:refresh:${job.id}`, 'timestamp', Date.now() - 2 * 86_400_000);
    await job.promote();
    expect((await only('completed')).returnvalue).toBe('waiting');
  });
});

describe('the ticks of workers', () => {
  it('go on after one that failed', async () => {
    const outcomes: string[] = [];
    const ticks: Promise<unknown>[] = [];
    const dueTick = {
      run: () => {
        ticks.push(ticks.length === 0 ? Promise.reject(new Error('away')) : bench.tick());
        return ticks.at(-1) as ReturnType<RefreshBench['tick']>;
      },
    };
    const worker = new ScheduleWorker({
      redis: bench.redis,
      dueTick,
      metrics: { ticked: (outcome) => outcomes.push(outcome) },
      logger: LOGGER,
      queueClock: Date.now,
    });
    closing.push(() => worker.close());
    await bench.add(await bench.list(), HOST);
    await eventually(
      () => outcomes,
      (seen) => seen.includes('ok'),
    );
    expect(outcomes[0]).toBe('failed');
    expect((await bench.waiting()).map(({ observable }) => observable)).toEqual([
      observableOf(HOST),
    ]);
  });
});

/** Leaves a job as workers leave it that were killed over it so many times. */
async function dieOver(id: string, times: number): Promise<void> {
  const worker = new Worker<unknown>(REFRESH_QUEUE, null, {
    connection: bench.redis,
    prefix: JOB_KEY_PREFIX,
    autorun: false,
  });
  const taken = [await worker.getNextJob('dead'), await worker.getNextJob('dead')];
  const key = `${JOB_KEY_PREFIX}:${REFRESH_QUEUE}`;
  await bench.redis.del(`${key}:${id}:lock`);
  await bench.redis.hset(`${key}:${id}`, 'stc', times - 1);
  await bench.redis.sadd(`${key}:stalled`, id);
  for (const job of taken.filter((one) => one.id !== id)) {
    await job.moveToDelayed(Date.now(), 'dead');
  }
  await worker.close();
}
