import { randomBytes } from 'node:crypto';

import type { Provider } from '@nestjs/common';

import { CLOCK, CONFIG, LOGGER, METRICS, RedisConnections } from '#core';
import type { Clock } from '#core';
import { EnrichmentService, SecurityTrailsUpstream, TenantDigest } from '#enrichment';
import type { Caller } from '#enrichment';
import { RedisWorkerPresence } from '#jobs';
import { Ledger } from '#ledger';
import type { Config, Logger, MetricsRegistry, RedisClient } from '#platform';
import { openWatching } from '#watching';
import type { Watching } from '#watching';

import { RefreshProcessor } from './refresh/refresh.processor.js';
import { RefreshWorker } from './refresh/refresh-worker.js';
import { ScheduleWorker } from './schedule/schedule-worker.js';
import { WorkerMetrics } from './worker-metrics.js';
import { CALLER, JOBS_REDIS, WATCHING } from './worker.tokens.js';

/** All that refreshes what is watched, over the worker's patient connection. */
export const WATCHING_PROVIDERS: readonly Provider[] = [
  {
    provide: CALLER,
    inject: [CONFIG, TenantDigest],
    useFactory: ({ securitytrails }: Config, tenants: TenantDigest): Caller => {
      const apiKey = securitytrails.apiKey ?? '';
      return { apiKey, tenant: tenants.of(apiKey) };
    },
  },
  {
    provide: WATCHING,
    inject: [CONFIG, CLOCK, LOGGER, Ledger, JOBS_REDIS, CALLER],
    useFactory: createWatching,
  },
  {
    provide: WorkerMetrics,
    inject: [METRICS, CLOCK, WATCHING],
    useFactory: createMetrics,
  },
  {
    provide: RefreshWorker,
    inject: [
      CONFIG,
      CLOCK,
      LOGGER,
      EnrichmentService,
      RedisConnections,
      JOBS_REDIS,
      CALLER,
      WATCHING,
      WorkerMetrics,
    ],
    useFactory: createRefreshWorker,
  },
  {
    provide: ScheduleWorker,
    inject: [LOGGER, SecurityTrailsUpstream, JOBS_REDIS, CALLER, WATCHING, WorkerMetrics],
    useFactory: createScheduleWorker,
  },
];

type ForWatching = [Config, Clock, Logger, Ledger, RedisClient, Caller];

function createWatching(...injected: ForWatching): Watching {
  const [config, clock, logger, ledger, redis, { tenant }] = injected;
  return openWatching({
    redis,
    tenant,
    settings: config.watch,
    quota: config.securitytrails,
    ledger,
    clock,
    newId: () => randomBytes(12).toString('base64url'),
    onTrouble: (err) => {
      logger.debug({ err, event: 'watching.trouble' }, 'Redis failed where it can be done without');
    },
  });
}

function createMetrics(registry: MetricsRegistry, clock: Clock, watching: Watching): WorkerMetrics {
  const metrics = new WorkerMetrics(registry);
  const { schedule, queue, ledger, work, pace, tenant } = watching;
  metrics.watch(async () => {
    const at = clock();
    const [due, figures, account, state, pacing] = await Promise.all([
      schedule.dueCount(at),
      queue.figures(),
      ledger.account(tenant),
      work.read(tenant),
      pace.pacing(),
    ]);
    return { at, queueAt: Date.now(), due, queue: figures, account, work: state, pacing };
  });
  return metrics;
}

type ForRefreshes = [
  Config,
  Clock,
  Logger,
  EnrichmentService,
  RedisConnections,
  RedisClient,
  Caller,
  Watching,
  WorkerMetrics,
];

function createRefreshWorker(...injected: ForRefreshes): RefreshWorker {
  const [config, clock, logger, enrichment, { queue }, redis, caller, watching, metrics] = injected;
  const presence = new RedisWorkerPresence(queue);
  const refreshRun = watching.refreshRun({
    caller,
    enrichment,
    random: Math.random,
    onChange: (change) => {
      metrics.changed(change);
    },
  });
  const { tenant } = caller;
  const times = { clock, queueClock: Date.now };
  return new RefreshWorker({
    redis,
    presence,
    processor: new RefreshProcessor({ tenant, refreshRun, presence, metrics, logger, ...times }),
    tenant,
    concurrency: config.worker.concurrency,
    logger,
  });
}

type ForTicks = [Logger, SecurityTrailsUpstream, RedisClient, Caller, Watching, WorkerMetrics];

function createScheduleWorker(...injected: ForTicks): ScheduleWorker {
  const [logger, upstream, redis, caller, watching, metrics] = injected;
  const dueTick = watching.dueTick(() => upstream.readUsageIfWanted(caller));
  return new ScheduleWorker({ redis, dueTick, metrics, logger, queueClock: Date.now });
}
