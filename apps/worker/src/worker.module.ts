import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';

import { CONFIG, CoreModule, LOGGER, ProbesController, Readiness, RedisConnections } from '#core';
import type { CoreOptions } from '#core';
import { logRedisState, workerRedis } from '#platform';
import type { Config, Logger } from '#platform';

import { JOBS_REDIS } from './worker.tokens.js';
import { WATCHING_PROVIDERS } from './watching.providers.js';

const CONNECTION: Provider = {
  provide: JOBS_REDIS,
  inject: [CONFIG, LOGGER],
  useFactory: ({ redis }: Config, logger: Logger) =>
    workerRedis(redis.queueUrl, logRedisState(logger, 'jobs')),
};

/** The worker: the core, the schedule and the refresh queue. It has no endpoints but its probes. */
@Module({})
export class WorkerModule {
  static register(options: CoreOptions): DynamicModule {
    return {
      module: WorkerModule,
      imports: [CoreModule.register(options)],
      controllers: [ProbesController],
      providers: [
        CONNECTION,
        ...WATCHING_PROVIDERS,
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
