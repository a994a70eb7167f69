import type { Server } from 'node:http';

import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

import { CONFIG, Readiness, RedisConnections } from '#core';
import type { CoreOptions } from '#core';
import { EnrichmentService, SecurityTrailsUpstream } from '#enrichment';
import { BullmqQueueDesk, BullmqRefreshEnqueuer } from '#jobs';
import { Ledger } from '#ledger';
import { NestLogger, TunedHttpAdapter } from '#platform';
import type { Config, ShutdownStep } from '#platform';

import { serveOpenApi } from './docs/openapi.js';
import { readBody } from './http/raw-body.js';
import { RelayExceptionFilter } from './http/relay-exception.filter.js';
import { requestLog } from './http/request-log.js';
import { OPS_PATH } from './http/routes.js';
import { isOpsOn, OperatorVerifier } from './ops/auth/operator-verifier.js';
import { opsGate } from './ops/http/ops-gate.js';
import { OpsConnections } from './ops/ops.connections.js';
import { OpsDesk } from './ops/ops.desk.js';
import { RelayRefresher } from './refresh/relay-refresher.js';
import { RelayModule } from './relay.module.js';

/** Builds the relay, ready to listen. */
export async function createRelay(options: CoreOptions): Promise<NestExpressApplication> {
  const { logger } = options;
  const app = await NestFactory.create<NestExpressApplication>(
    RelayModule.register(options),
    new TunedHttpAdapter(),
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
  );
  app.use(requestLog(logger));
  app.use(readBody);
  if (isOpsOn(options.config.ops)) {
    app.use(OPS_PATH, opsGate(app.get(OperatorVerifier, { strict: false })));
  }
  app.useGlobalFilters(new RelayExceptionFilter(logger));
  serveOpenApi(app, options.version);
  return app;
}

/** How long an ending relay still serves, so that load balancers notice first. */
const NOTICE_MS = 1_000;

/** What ending the relay means, in order. */
export function relayShutdown(app: NestExpressApplication): ShutdownStep[] {
  const server = app.getHttpServer();
  return [
    {
      name: 'leave the load balancer',
      run: () => {
        app.get(Readiness).end();
        return new Promise((resolve) => setTimeout(resolve, NOTICE_MS));
      },
    },
    { name: 'answer what is in hand', run: () => closeServer(server) },
    {
      name: 'end fetches in the air',
      run: () => Promise.all([app.get(RelayRefresher).idle(), app.get(EnrichmentService).idle()]),
      timeoutMs: 10_000,
    },
    {
      name: 'book how calls ended',
      run: async () => {
        await app.get(SecurityTrailsUpstream).idle();
        // What was called while Redis was away is booked now or never.
        await app.get(Ledger).sweep();
      },
      timeoutMs: 2_000,
    },
    {
      name: 'close the queue',
      run: () => app.get(BullmqRefreshEnqueuer).close(),
      timeoutMs: 2_000,
    },
    { name: 'close what operators use', run: () => closeOps(app), timeoutMs: 2_000 },
    { name: 'close Redis', run: () => app.get(RedisConnections).close(), timeoutMs: 2_000 },
  ];
}

async function closeOps(app: NestExpressApplication): Promise<void> {
  if (isOpsOn(app.get<Config>(CONFIG).ops)) {
    const find = { strict: false };
    await Promise.all([app.get(OpsDesk, find).close(), app.get(BullmqQueueDesk, find).close()]);
    await app.get(OpsConnections, find).close();
  }
}

const SWEEP_MS = 50;

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A kept-alive connection falls idle when its last answer is out, and would hold the server open.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
    }, SWEEP_MS);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}
