import { randomBytes } from 'node:crypto';

import type { Provider } from '@nestjs/common';

import { CLOCK, CONFIG, LOGGER } from '#core';
import type { Clock } from '#core';
import { EnrichmentService, TenantDigest } from '#enrichment';
import { BullmqQueueDesk, RedisWorkerPresence } from '#jobs';
import { logRedisState, workerRedis } from '#platform';
import type { Config, Logger } from '#platform';
import { openWatching } from '#watching';
import type { Watching } from '#watching';

import { OperatorVerifier } from './auth/operator-verifier.js';
import { OpsConnections } from './ops.connections.js';
import { OpsDesk } from './ops.desk.js';

/** Longest time for one request, in milliseconds. */
const LIMIT_MS = 10_000;

/** What the API works with. */
export const OPS_PROVIDERS: readonly Provider[] = [
  {
    provide: OpsConnections,
    inject: [CONFIG, LOGGER],
    useFactory: ({ redis }: Config, logger: Logger) =>
      new OpsConnections(workerRedis(redis.queueUrl, logRedisState(logger, 'ops'))),
  },
  {
    provide: OperatorVerifier,
    inject: [CONFIG, CLOCK, LOGGER],
    useFactory: ({ ops }: Config, now: Clock, logger: Logger) =>
      new OperatorVerifier({
        config: ops,
        now,
        fetch: globalThis.fetch,
        onJwksFault: (err) => {
          logger.warn({ err, event: 'ops.jwks.fault' }, "operators' key set was not read");
        },
      }),
  },
  {
    provide: BullmqQueueDesk,
    inject: [OpsConnections, LOGGER],
    useFactory: ({ redis }: OpsConnections, logger: Logger) =>
      new BullmqQueueDesk(redis, (err) => {
        logger.debug({ err, event: 'queue.error' }, 'queue error');
      }),
  },
  {
    provide: OpsDesk,
    inject: [CONFIG, CLOCK, LOGGER, TenantDigest, OpsConnections, EnrichmentService],
    useFactory: createDesk,
  },
];

type Injected = [Config, Clock, Logger, TenantDigest, OpsConnections, EnrichmentService];

function createDesk(...injected: Injected): OpsDesk {
  const [config, clock, logger, tenants, { redis }, enrichment] = injected;
  const { apiKey } = config.securitytrails;
  const presence = new RedisWorkerPresence(redis);
  const open = (tenant: string): Watching =>
    openWatching({
      redis,
      tenant,
      settings: config.watch,
      quota: config.securitytrails,
      clock,
      newId: () => randomBytes(12).toString('base64url'),
      onTrouble: (err) => {
        logger.debug(
          { err, event: 'watching.trouble' },
          'Redis failed where it can be done without',
        );
      },
    });
  return new OpsDesk({
    tenant: () => (apiKey === undefined ? presence.latest() : Promise.resolve(tenants.of(apiKey))),
    open,
    enrichment,
    limitMs: LIMIT_MS,
  });
}
