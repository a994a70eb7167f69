import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

import { CONFIG, CoreModule, LOGGER, ProbesController, Readiness, RedisConnections } from '#core';
import type { CoreOptions } from '#core';
import { EnrichmentService, TenantDigest } from '#enrichment';
import { RedisWorkerPresence } from '#jobs';
import { logRedisState, workerRedis } from '#platform';
import type { Config, Logger, RedisClient } from '#platform';

import { RefreshProcessor } from './refresh/refresh.processor.js';
import { RefreshWorker } from './refresh/refresh-worker.js';

/** The connection that waits for jobs; blocking reads need one without time limits. */
export const JOBS_REDIS = Symbol('JOBS_REDIS');

/** The worker: the core and the refresh queue. It has no endpoints but its probes. */
@Module({})
export class WorkerModule {
  static register(options: CoreOptions): DynamicModule {
    return {
      module: WorkerModule,
      imports: [CoreModule.register(options)],
      controllers: [ProbesController],
      providers: [
        {
          provide: JOBS_REDIS,
          inject: [CONFIG, LOGGER],
          useFactory: ({ redis }: Config, logger: Logger) =>
            workerRedis(redis.queueUrl, logRedisState(logger, 'jobs')),
        },
        {
          provide: RefreshWorker,
          inject: [CONFIG, LOGGER, EnrichmentService, TenantDigest, RedisConnections, JOBS_REDIS],
          useFactory: createRefreshWorker,
        },
        {
          provide: Readiness,
          inject: [RedisConnections],
          useFactory: ({ cachePulse, queuePulse }: RedisConnections) =>
            new Readiness([
              { name: 'cache', pulse: cachePulse, needed: false },
              { name: 'queue', pulse: queuePulse, needed: true },
            ]),
        },
      ],
    };
  }
}

type Injected = [Config, Logger, EnrichmentService, TenantDigest, RedisConnections, RedisClient];

function createRefreshWorker(...injected: Injected): RefreshWorker {
  const [config, logger, enrichment, tenants, { queue }, redis] = injected;
  const apiKey = config.securitytrails.apiKey ?? '';
  const caller = { apiKey, tenant: tenants.of(apiKey) };
  const presence = new RedisWorkerPresence(queue);
  return new RefreshWorker({
    redis,
    presence,
    processor: new RefreshProcessor({ caller, enrichment, presence, logger, clock: Date.now }),
    tenant: caller.tenant,
    concurrency: config.worker.concurrency,
    logger,
  });
}
