import { randomBytes } from 'node:crypto';

import { NestFactory } from '@nestjs/core';
import type { Job } from 'bullmq';

import { CoreModule, RedisConnections } from '#core';
import { EnrichmentService, SecurityTrailsUpstream, TenantDigest } from '#enrichment';
import { parseRefreshJob, RedisWorkerPresence } from '#jobs';
import type { RefreshJob } from '#jobs';
import { Ledger } from '#ledger';
import { closeRedis, connectRedis, createLogger, loadConfig, workerRedis } from '#platform';
import { openWatching } from '#watching';
import type { TickReport, Watching } from '#watching';

import { RefreshProcessor } from '../../../apps/worker/src/refresh/refresh.processor.js';
import type { JobResult } from '../../../apps/worker/src/refresh/refresh.processor.js';
import { RefreshWorker } from '../../../apps/worker/src/refresh/refresh-worker.js';
import type { Environment } from '../relay-stack.js';

/** How a job ended: as the worker says it, or by an error. */
export type JobEnd = JobResult | 'failed';

export interface MonthWorkerOptions {
  readonly env: Environment;
  readonly apiKey: string;
  readonly clock: () => number;
  readonly onEnd: (job: RefreshJob, end: JobEnd) => void;
}

/** The worker of this process, ticked by hand, on a clock that somebody else moves. */
export interface MonthWorker {
  readonly watching: Watching;
  readonly enrichment: EnrichmentService;
  readonly tenant: string;
  /** Ticks at this instant until nothing more begins. */
  work(): Promise<TickReport>;
  stop(): Promise<void>;
}

const CONCURRENCY = 16;

/** The worker's own processor, overheard. */
class OverheardProcessor extends RefreshProcessor {
  readonly #onEnd: MonthWorkerOptions['onEnd'];
  #ended = 0;
  #wanted = 0;
  #wake: () => void = () => undefined;

  constructor(
    parts: ConstructorParameters<typeof RefreshProcessor>[0],
    onEnd: MonthWorkerOptions['onEnd'],
  ) {
    super(parts);
    this.#onEnd = onEnd;
  }

  override async process(job: Job<unknown>, token: string | undefined): Promise<JobResult> {
    const refresh = parseRefreshJob(job.data);
    try {
      const end = await super.process(job, token);
      this.#onEnd(refresh, end);
      return end;
    } catch (error) {
      this.#onEnd(refresh, 'failed');
      throw error;
    } finally {
      this.#ended += 1;
      this.#wake();
    }
  }

  /** Resolves when so many more have ended. */
  async ends(count: number): Promise<void> {
    this.#wanted += count;
    while (this.#ended < this.#wanted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

export async function startMonthWorker(options: MonthWorkerOptions): Promise<MonthWorker> {
  const { clock, apiKey, onEnd } = options;
  const config = configOf({ ...options.env, SECURITYTRAILS_API_KEY: apiKey });
  const logger = createLogger({ level: 'warn', name: 'worker' });
  const core = await NestFactory.createApplicationContext(
    CoreModule.register({ process: 'worker', config, logger, version: '0.0.0', clock }),
    { logger: false },
  );
  const redis = workerRedis(config.redis.queueUrl);
  await connectRedis(redis);
  const caller = { apiKey, tenant: core.get(TenantDigest).of(apiKey) };
  const enrichment = core.get(EnrichmentService);
  const watching = openWatching({
    redis,
    tenant: caller.tenant,
    settings: config.watch,
    quota: config.securitytrails,
    ledger: core.get(Ledger),
    clock,
    newId: () => randomBytes(12).toString('base64url'),
    onTrouble: (error) => {
      logger.warn({ err: error }, 'trouble');
    },
  });
  const presence = new RedisWorkerPresence(redis);
  const processor = new OverheardProcessor(
    {
      tenant: caller.tenant,
      refreshRun: watching.refreshRun({ caller, enrichment, random: Math.random }),
      presence,
      metrics: { ended: () => undefined },
      logger,
      clock,
      queueClock: Date.now,
    },
    onEnd,
  );
  const { tenant } = caller;
  const worker = new RefreshWorker({
    redis,
    processor,
    presence,
    tenant,
    concurrency: CONCURRENCY,
    logger,
  });
  const upstream = core.get(SecurityTrailsUpstream);
  const tick = watching.dueTick(() => upstream.readUsageIfWanted(caller));
  return {
    watching,
    enrichment,
    tenant,
    work: async () => {
      for (;;) {
        const report = await tick.run();
        if (report.enqueued === 0) {
          return report;
        }
        await processor.ends(report.enqueued);
      }
    },
    stop: async () => {
      await worker.close();
      await watching.close();
      await Promise.all([closeRedis(redis), core.get(RedisConnections).close()]);
    },
  };
}

function configOf(env: Environment) {
  const loaded = loadConfig('worker', env, () => '');
  if ('faults' in loaded) {
    throw new Error(JSON.stringify(loaded.faults));
  }
  return loaded.config;
}
