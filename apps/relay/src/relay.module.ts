import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';

import { CONFIG, CoreModule, LOGGER, ProbesController, Readiness, RedisConnections } from '#core';
import type { CoreOptions } from '#core';
import { EnrichmentService } from '#enrichment';
import { BullmqRefreshEnqueuer, RedisWorkerPresence } from '#jobs';
import type { Config, Logger } from '#platform';

import { AuthModule } from './auth/auth.module.js';
import { HealthController } from './health/health.controller.js';
import { ObservablesController } from './observables/observables.controller.js';
import { ReferSettings } from './observables/refer-settings.js';
import { isOpsOn } from './ops/auth/operator-verifier.js';
import { OpsModule } from './ops/ops.module.js';
import { RelayRefresher } from './refresh/relay-refresher.js';

/** The relay: the core, the callers' tokens, and the endpoints. */
@Module({})
export class RelayModule {
  static register(options: CoreOptions): DynamicModule {
    const { auth, http } = options.config;
    return {
      module: RelayModule,
      imports: [
        CoreModule.register({ ...options, process: 'relay' }),
        ...(isOpsOn(options.config.ops) ? [OpsModule] : []),
        AuthModule.register({
          publicUrls: http.publicUrls,
          jwksHosts: auth.jwksHosts,
          secretKey: auth.secretKey,
          digestKey: options.config.cache.digestKey,
          onJwksFault: (host, err) => {
            options.logger.warn({ err, event: 'jwks.fault', host }, 'a key set was not read');
          },
        }),
      ],
      controllers: [ObservablesController, HealthController, ProbesController],
      providers: PROVIDERS,
    };
  }
}

const PROVIDERS: Provider[] = [
  {
    provide: ReferSettings,
    inject: [CONFIG],
    useFactory: ({ securitytrails }: Config) => new ReferSettings(securitytrails.uiUrl),
  },
  {
    provide: BullmqRefreshEnqueuer,
    inject: [RedisConnections, LOGGER],
    useFactory: ({ queue }: RedisConnections, logger: Logger) =>
      new BullmqRefreshEnqueuer(queue, (err) => {
        logger.debug({ err, event: 'queue.error' }, 'queue error');
      }),
  },
  {
    provide: RelayRefresher,
    inject: [BullmqRefreshEnqueuer, RedisConnections, EnrichmentService, LOGGER],
    useFactory: createRefresher,
  },
  {
    provide: Readiness,
    inject: [RedisConnections],
    // Without Redis the relay still answers, more slowly.
    useFactory: ({ cachePulse, queuePulse }: RedisConnections) =>
      new Readiness([
        { name: 'cache', pulse: cachePulse, needed: false },
        { name: 'queue', pulse: queuePulse, needed: false },
      ]),
  },
];

function createRefresher(
  enqueuer: BullmqRefreshEnqueuer,
  { queue }: RedisConnections,
  enrichment: EnrichmentService,
  logger: Logger,
): RelayRefresher {
  return new RelayRefresher({
    enqueuer,
    presence: new RedisWorkerPresence(queue),
    refreshHere: (caller, observable) => enrichment.refresh(caller, observable),
    logger,
  });
}
