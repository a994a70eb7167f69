import type { Server } from 'node:http';

import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { Readiness, RedisConnections } from '#core';
import type { CoreOptions } from '#core';
import { SecurityTrailsUpstream } from '#enrichment';
import { closeRedis, NestLogger, TunedHttpAdapter } from '#platform';
import type { RedisClient, ShutdownStep } from '#platform';
import type { Watching } from '#watching';

import { RefreshWorker } from './refresh/refresh-worker.js';
import { ScheduleWorker } from './schedule/schedule-worker.js';
import { WorkerModule } from './worker.module.js';
import { JOBS_REDIS, WATCHING } from './worker.tokens.js';

/** Builds the worker. It takes jobs at once; its port serves probes and metrics. */
export function createWorker(options: CoreOptions): Promise<INestApplication<Server>> {
  return NestFactory.create(WorkerModule.register(options), new TunedHttpAdapter(), {
    bodyParser: false,
    logger: new NestLogger(options.logger),
    abortOnError: false,
  });
}

/** What ending the worker means, in order. */
export function workerShutdown(app: INestApplication<Server>): ShutdownStep[] {
  return [
    {
      name: 'end the jobs in hand',
      run: () => {
        app.get(Readiness).end();
        return Promise.all([app.get(ScheduleWorker).close(), app.get(RefreshWorker).close()]);
      },
      timeoutMs: 10_000,
    },
    {
      name: 'book how calls ended',
      run: () => app.get(SecurityTrailsUpstream).idle(),
      timeoutMs: 2_000,
    },
    {
      name: 'close Redis',
      run: async () => {
        void app
          .get<Watching>(WATCHING)
          .close()
          .catch(() => undefined);
        await Promise.all([
          closeRedis(app.get<RedisClient>(JOBS_REDIS)),
          app.get(RedisConnections).close(),
        ]);
      },
      timeoutMs: 2_000,
    },
  ];
}
