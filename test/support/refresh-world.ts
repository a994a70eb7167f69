import { randomBytes } from 'node:crypto';

import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';

import type { StoredChange } from '#changes';
import { CoreModule, RedisConnections } from '#core';
import { EnrichmentService, SecurityTrailsUpstream, TenantDigest } from '#enrichment';
import type { Caller } from '#enrichment';
import { BullmqRefreshEnqueuer, JOB_KEY_PREFIX, parseRefreshJob, REFRESH_QUEUE } from '#jobs';
import type { RefreshJob } from '#jobs';
import { Ledger } from '#ledger';
import type { CanonicalObservable } from '#observables';
import { createLogger, loadConfig } from '#platform';
import type { ListDraft, WatchedObservable, WatchWish, Watchlist } from '#watch';
import { DEPLOYMENT, openWatching } from '#watching';
import type { RefreshEnd, RefreshParts, RefreshRun, Watching, WatchingOptions } from '#watching';
import { Queue } from 'bullmq';

import type { KeyLimits } from '../../tools/simulator/accounts/key-ring.js';
import type { Simulator } from '../../tools/simulator/simulator.js';
import { startSimulator } from '../../tools/simulator/simulator.js';
import type { Environment } from './relay-stack.js';
import { startRedis } from './redis-server.js';
import type { RedisServer } from './redis-server.js';
import { ACTOR, START, valueOf } from './watch-world.js';

const DAY_MS = 86_400_000;

/**
 * The worker's machinery in this process, without its loops: real Redis, real enrichment, the
 * simulator, and one clock for all that the test moves. Each {@link RefreshWorld.begin} is a clean
 * sheet with a key of its own.
 */
export interface RefreshWorld extends AsyncDisposable {
  readonly server: RedisServer;
  readonly simulator: Simulator;
  begin(limits?: KeyLimits, options?: Partial<WatchingOptions>): Promise<RefreshBench>;
}

export class RefreshBench {
  now = START;
  readonly watching: Watching;
  readonly queue: Queue<RefreshJob>;
  readonly enqueuer: BullmqRefreshEnqueuer;
  /** Events told so far, `kind state error`. */
  readonly parts: RefreshParts;

  constructor(
    readonly redis: Redis,
    readonly simulator: Simulator,
    readonly caller: Caller,
    given: {
      readonly core: INestApplicationContext;
      readonly options: Partial<WatchingOptions>;
    },
  ) {
    this.watching = this.open(redis, given.options, given.core.get(Ledger));
    this.queue = new Queue(REFRESH_QUEUE, { connection: redis, prefix: JOB_KEY_PREFIX });
    this.enqueuer = new BullmqRefreshEnqueuer(redis, () => undefined);
    const enrichment = given.core.get(EnrichmentService);
    this.parts = { caller, enrichment, random: () => 0.5 };
    this.#readUsage = () => given.core.get(SecurityTrailsUpstream).readUsageIfWanted(caller);
  }

  readonly #readUsage: () => Promise<void>;

  /** Everything about watching over a connection. */
  open(redis: Redis, options: Partial<WatchingOptions>, ledger: Ledger): Watching {
    return openWatching({
      redis,
      tenant: this.caller.tenant,
      settings: SETTINGS,
      quota: { interactiveReserve: 0.2 },
      ledger,
      clock: () => this.now,
      newId: () => randomBytes(12).toString('base64url'),
      onTrouble: () => undefined,
      ...options,
    });
  }

  async list(draft: Partial<ListDraft> = {}): Promise<Watchlist> {
    const name = draft.name ?? randomBytes(6).toString('hex');
    return valueOf(await this.watching.lists.create({ ...draft, name }, ACTOR));
  }

  async add(list: Watchlist, ...wishes: readonly (WatchWish | string)[]): Promise<void> {
    const asked = wishes.map((wish) =>
      typeof wish === 'string' ? { observable: observableOf(wish) } : wish,
    );
    valueOf(await this.watching.members.add(list.id, asked, ACTOR));
  }

  async watched(value: string): Promise<WatchedObservable> {
    const [[first] = []] = await this.watching.reader.watchedBy([observableOf(value)]);
    if (first === undefined) {
      throw new Error(`${value} is not watched`);
    }
    return first;
  }

  /** A refresh of one observable; that it is its turn since now, unless the job says otherwise. */
  job(value: string, more: Partial<RefreshJob> = {}): RefreshJob {
    const { tenant } = this.caller;
    const observable = observableOf(value);
    return { tenant, observable, cause: 'scheduled', since: this.now, ...more };
  }

  run(value: string, more: Partial<RefreshJob> = {}, isLast = false): Promise<RefreshEnd> {
    return this.refreshRun().run(this.job(value, more), isLast);
  }

  refreshRun(watching = this.watching, parts: Partial<RefreshParts> = {}): RefreshRun {
    return watching.refreshRun({ ...this.parts, ...parts });
  }

  tick() {
    return this.watching.dueTick(this.#readUsage).run();
  }

  /** What waits in the queue, in the order in which it would be done. */
  async waiting(): Promise<RefreshJob[]> {
    const jobs = await this.queue.getJobs(['prioritized'], 0, -1, true);
    return jobs.map(({ data }) => parseRefreshJob(data));
  }

  /** Does what waits in the queue, one after the other. */
  async drain(): Promise<string[]> {
    const ends: string[] = [];
    for (const job of await this.queue.getJobs(['prioritized'], 0, -1, true)) {
      const end = await this.refreshRun().run(parseRefreshJob(job.data), true);
      ends.push('reason' in end ? `${end.kind} ${end.reason}` : end.kind);
      await job.remove();
    }
    return ends;
  }

  /** Ticks and drains at this instant until nothing is due. */
  async work(): Promise<string[]> {
    const ends: string[] = [];
    for (;;) {
      const { enqueued } = await this.tick();
      if (enqueued === 0) {
        return ends;
      }
      ends.push(...(await this.drain()));
    }
  }

  pass(days: number): void {
    this.now += days * DAY_MS;
  }

  /** Changes of all, oldest first. */
  async changes(): Promise<readonly StoredChange[]> {
    const query = { tenant: DEPLOYMENT, first: 1_000 };
    const { changes } = await this.watching.changes.page(query);
    return changes.toReversed();
  }

  /** Upstream's calls for data with this key. */
  dataCalls(): number {
    const key = this.simulator.digestOf(this.caller.apiKey);
    return this.simulator.requests().filter((call) => call.key === key && call.endpoint !== 'usage')
      .length;
  }

  async end(): Promise<void> {
    await Promise.all([this.watching.close(), this.enqueuer.close(), this.queue.close()]);
  }
}

const SETTINGS = {
  maxLists: 100,
  maxObservables: 10_000,
  maxNoteLength: 100,
  firstFetchPages: 1,
  maxChanges: 10_000,
  changesKeepDays: 400,
};

/** What an address or a name is as an observable. */
export function observableOf(value: string): CanonicalObservable {
  const type = value.includes(':') ? 'ipv6' : /^[\d.]+$/.test(value) ? 'ip' : 'domain';
  return { type, value };
}

export async function startRefreshWorld(env: Environment = {}): Promise<RefreshWorld> {
  const server = await startRedis();
  let bench: RefreshBench | undefined;
  const clock = (): number => bench?.now ?? START;
  const simulator = await startSimulator({ keys: {}, clock });
  const core = await NestFactory.createApplicationContext(
    CoreModule.register({
      process: 'worker',
      config: configOf({ ...env, REDIS_URL: server.url, SECURITYTRAILS_API_URL: simulator.url }),
      logger: createLogger({ level: 'fatal', name: 'worker' }),
      version: '0.0.0',
      clock,
    }),
    { logger: false },
  );
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  return {
    server,
    simulator,
    begin: async (limits = {}, options = {}) => {
      await bench?.end();
      await redis.flushall();
      simulator.clearFaults();
      const apiKey = randomBytes(12).toString('hex');
      simulator.setKey(apiKey, { perSecond: 100_000, monthly: 1_000_000, ...limits });
      const caller = { apiKey, tenant: new TenantDigest().of(apiKey) };
      bench = new RefreshBench(redis, simulator, caller, { core, options });
      return bench;
    },
    [Symbol.asyncDispose]: async () => {
      await bench?.end();
      await core.get(RedisConnections).close();
      await redis.quit();
      await Promise.all([simulator.close(), server.stop()]);
    },
  };
}

function configOf(env: Environment) {
  const all = { SECURITYTRAILS_API_KEY: 'any', SECURITYTRAILS_RPS: '1000', ...env };
  const loaded = loadConfig('worker', all, () => '');
  if ('faults' in loaded) {
    throw new Error(JSON.stringify(loaded.faults));
  }
  return loaded.config;
}
