import { randomBytes } from 'node:crypto';

import { Global, Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';

import { BreakerStore, Cache, RedisFlightBoard, RedisInvalidationBus, RedisStore } from '#cache';
import {
  answerCodec,
  EnrichmentService,
  enrichmentSources,
  failureCodec,
  SecurityTrailsUpstream,
  TenantDigest,
} from '#enrichment';
import type { Answer } from '#enrichment';
import { Governor, RedisPacer, RedisQuotaCircuit } from '#governor';
import { Ledger, RedisLedgerStore } from '#ledger';
import {
  connectRedis,
  createMetrics,
  logRedisState,
  requestPathRedis,
  subscriberRedis,
} from '#platform';
import type { Config, Logger, MetricsRegistry, ProcessName } from '#platform';
import { SecurityTrailsClient } from '#securitytrails';

import { CoreMetrics } from './core-metrics.js';
import { CLOCK, CONFIG, LOGGER, METRICS } from './core.tokens.js';
import type { Clock } from './core.tokens.js';
import { RedisConnections } from './redis-connections.js';
import { Version } from './version.js';

export interface CoreOptions {
  readonly process: ProcessName;
  readonly config: Config;
  readonly logger: Logger;
  readonly version: string;
  /** Epoch milliseconds; that of the machine unless a simulation brings its own. */
  readonly clock?: Clock;
}

/** Failures in a row after which the cache Redis is left alone, and for how long. */
const BREAKER = { failures: 5, retryAfterMs: 1_000 } as const;

/** Processes that a lost Redis is shared out between: a relay and a worker, at the least. */
const ASSUMED_PROCESSES = 2;

/**
 * What the relay and the worker have in common: the connections, the governor, the cache, the
 * enrichment. Global, so that both root modules stay a list of what makes them different.
 */
@Global()
@Module({})
export class CoreModule {
  static register(options: CoreOptions): DynamicModule {
    const providers: Provider[] = [
      { provide: CONFIG, useValue: options.config },
      { provide: LOGGER, useValue: options.logger },
      { provide: CLOCK, useValue: options.clock ?? Date.now },
      { provide: Version, useValue: new Version(options.version) },
      { provide: TenantDigest, useValue: new TenantDigest(options.config.cache.digestKey) },
      {
        provide: METRICS,
        useValue: createMetrics({ process: options.process, version: options.version }),
      },
      ...CONNECTED,
    ];
    return {
      module: CoreModule,
      providers,
      exports: [
        CONFIG,
        CLOCK,
        LOGGER,
        METRICS,
        Version,
        TenantDigest,
        CoreMetrics,
        RedisConnections,
        Governor,
        Ledger,
        SecurityTrailsUpstream,
        EnrichmentService,
      ],
    };
  }
}

const CONNECTED: Provider[] = [
  {
    provide: CoreMetrics,
    inject: [METRICS],
    useFactory: (registry: MetricsRegistry) => new CoreMetrics(registry),
  },
  { provide: RedisConnections, inject: [CONFIG, LOGGER], useFactory: openConnections },
  {
    provide: Governor,
    inject: [CONFIG, CLOCK, RedisConnections, CoreMetrics],
    useFactory: createGovernor,
  },
  {
    provide: Ledger,
    inject: [CONFIG, CLOCK, RedisConnections, CoreMetrics],
    useFactory: createLedger,
  },
  {
    provide: SecurityTrailsUpstream,
    inject: [CONFIG, CLOCK, Governor, Ledger, CoreMetrics, Version],
    useFactory: createUpstream,
  },
  {
    provide: EnrichmentService,
    inject: [
      CONFIG,
      CLOCK,
      LOGGER,
      SecurityTrailsUpstream,
      RedisConnections,
      CoreMetrics,
      Governor,
    ],
    useFactory: createEnrichment,
  },
];

async function openConnections(config: Config, logger: Logger): Promise<RedisConnections> {
  const { cacheUrl, queueUrl } = config.redis;
  const connections = new RedisConnections(
    requestPathRedis(cacheUrl, logRedisState(logger, 'cache')),
    subscriberRedis(cacheUrl, logRedisState(logger, 'cache-subscriber')),
    requestPathRedis(queueUrl, logRedisState(logger, 'queue')),
  );
  // Waits a moment only: a process starts, and answers, while its Redis is away.
  const { cache, cacheSubscriber, queue } = connections;
  await Promise.all([cache, cacheSubscriber, queue].map((one) => connectRedis(one, 1_000)));
  return connections;
}

function createGovernor(
  { securitytrails }: Config,
  clock: Clock,
  { queue }: RedisConnections,
  metrics: CoreMetrics,
): Governor {
  return new Governor({
    pacer: new RedisPacer({
      redis: queue,
      perSecond: securitytrails.rps,
      processes: ASSUMED_PROCESSES,
    }),
    circuit: new RedisQuotaCircuit(queue, clock),
    clock,
    onTrouble: () => {
      metrics.troubled('governor');
    },
  });
}

function createLedger(
  { securitytrails }: Config,
  clock: Clock,
  { queue }: RedisConnections,
  metrics: CoreMetrics,
): Ledger {
  const { hardMonthlyLimit, interactiveReserve } = securitytrails;
  return new Ledger({
    store: new RedisLedgerStore(queue),
    clock,
    newId: () => randomBytes(12).toString('base64url'),
    ...(hardMonthlyLimit !== undefined && { hardMonthlyLimit }),
    interactiveReserve,
    onTrouble: () => {
      metrics.troubled('ledger');
    },
  });
}

type UpstreamInjected = [Config, Clock, Governor, Ledger, CoreMetrics, Version];

function createUpstream(...injected: UpstreamInjected): SecurityTrailsUpstream {
  const [{ securitytrails }, clock, governor, ledger, metrics, version] = injected;
  return new SecurityTrailsUpstream({
    client: new SecurityTrailsClient({
      baseUrl: securitytrails.apiUrl,
      timeoutMs: securitytrails.timeoutMs,
      userAgent: `securitytrails-relay/${version.text}`,
    }),
    governor,
    ledger,
    clock,
    onCall: (call) => {
      metrics.called(call);
    },
  });
}

type Injected = [
  Config,
  Clock,
  Logger,
  SecurityTrailsUpstream,
  RedisConnections,
  CoreMetrics,
  Governor,
];

function createEnrichment(...injected: Injected): EnrichmentService {
  const [config, clock, logger, upstream, connections, metrics, governor] = injected;
  const { cache: redis, cacheSubscriber } = connections;
  const { uiUrl } = config.securitytrails;
  const sources = enrichmentSources(config.observe.enrichers, { upstream, uiUrl });
  const cache = new Cache<Answer>({
    store: new BreakerStore(new RedisStore(redis), BREAKER),
    board: new RedisFlightBoard(redis),
    bus: new RedisInvalidationBus(redis, cacheSubscriber),
    codec: answerCodec(sources),
    failures: failureCodec,
    clock,
    random: Math.random,
    memoryEntries: config.cache.memoryEntries,
    onTrouble: (trouble) => {
      metrics.troubled(`cache_${trouble}`);
    },
  });
  metrics.watch({
    waitingCalls: () => governor.waiting,
    quotasUsedUp: () => governor.quotasUsedUp,
    flights: () => cache.gauges.flights,
    memoryEntries: () => cache.gauges.memoryEntries,
  });
  return new EnrichmentService({
    sources,
    cache,
    lives: config.cache,
    clock,
    deadlineMs: config.observe.deadlineMs,
    sightingsAtQueryTime: config.observe.sightingTime === 'query',
    onUnforeseen: (err) => {
      logger.error({ err, event: 'enrichment.crashed' }, 'a question crashed');
    },
  });
}
