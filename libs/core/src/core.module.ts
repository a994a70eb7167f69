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
import { CONFIG, LOGGER, METRICS } from './core.tokens.js';
import { RedisConnections } from './redis-connections.js';
import { Version } from './version.js';

export interface CoreOptions {
  readonly process: ProcessName;
  readonly config: Config;
  readonly logger: Logger;
  readonly version: string;
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
        LOGGER,
        METRICS,
        Version,
        TenantDigest,
        CoreMetrics,
        RedisConnections,
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
    inject: [CONFIG, RedisConnections, CoreMetrics],
    useFactory: createGovernor,
  },
  {
    provide: SecurityTrailsUpstream,
    inject: [CONFIG, Governor, CoreMetrics, Version],
    useFactory: createUpstream,
  },
  {
    provide: EnrichmentService,
    inject: [CONFIG, LOGGER, SecurityTrailsUpstream, RedisConnections, CoreMetrics, Governor],
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
  { queue }: RedisConnections,
  metrics: CoreMetrics,
): Governor {
  return new Governor({
    pacer: new RedisPacer({
      redis: queue,
      perSecond: securitytrails.rps,
      processes: ASSUMED_PROCESSES,
    }),
    circuit: new RedisQuotaCircuit(queue, Date.now),
    clock: Date.now,
    onTrouble: () => {
      metrics.troubled('governor');
    },
  });
}

function createUpstream(
  { securitytrails }: Config,
  governor: Governor,
  metrics: CoreMetrics,
  version: Version,
): SecurityTrailsUpstream {
  return new SecurityTrailsUpstream({
    client: new SecurityTrailsClient({
      baseUrl: securitytrails.apiUrl,
      timeoutMs: securitytrails.timeoutMs,
      userAgent: `securitytrails-relay/${version.text}`,
    }),
    governor,
    clock: Date.now,
    onCall: (call) => {
      metrics.called(call);
    },
  });
}

type Injected = [Config, Logger, SecurityTrailsUpstream, RedisConnections, CoreMetrics, Governor];

function createEnrichment(...injected: Injected): EnrichmentService {
  const [config, logger, upstream, { cache: redis, cacheSubscriber }, metrics, governor] = injected;
  const { uiUrl } = config.securitytrails;
  const sources = enrichmentSources(config.observe.enrichers, { upstream, uiUrl });
  const cache = new Cache<Answer>({
    store: new BreakerStore(new RedisStore(redis), BREAKER),
    board: new RedisFlightBoard(redis),
    bus: new RedisInvalidationBus(redis, cacheSubscriber),
    codec: answerCodec(sources),
    failures: failureCodec,
    clock: Date.now,
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
    clock: Date.now,
    deadlineMs: config.observe.deadlineMs,
    sightingsAtQueryTime: config.observe.sightingTime === 'query',
    onUnforeseen: (err) => {
      logger.error({ err, event: 'enrichment.crashed' }, 'a question crashed');
    },
  });
}
