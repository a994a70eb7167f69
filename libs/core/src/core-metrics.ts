import type { MadeCall, Observed } from '#enrichment';
import { METRIC_PREFIX } from '#platform';
import type { MetricsRegistry } from '#platform';
import { Counter, Gauge, Histogram } from 'prom-client';

/** State that is read when a scrape comes. */
export interface Gauges {
  readonly waitingCalls: () => number;
  readonly quotasUsedUp: () => number;
  readonly flights: () => number;
  readonly memoryEntries: () => number;
}

/**
 * The series that both processes have. Labels have few values by construction: never an observable, key or tenant.
 */
export class CoreMetrics {
  readonly #lookups: Counter<'type' | 'outcome'>;
  readonly #calls: Counter<'endpoint' | 'status' | 'lane' | 'cause'>;
  readonly #callSeconds: Histogram<'endpoint'>;
  readonly #troubles: Counter<'store'>;

  readonly #registry: MetricsRegistry;

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
    const registers = [registry];
    this.#lookups = new Counter({
      name: `${METRIC_PREFIX}lookups`,
      help: 'Questions asked of the cache, by observable type and outcome.',
      labelNames: ['type', 'outcome'],
      registers,
    });
    this.#calls = new Counter({
      name: `${METRIC_PREFIX}upstream_calls`,
      help: 'Calls made to SecurityTrails, by endpoint, status or error, lane, and cause.',
      labelNames: ['endpoint', 'status', 'lane', 'cause'],
      registers,
    });
    this.#callSeconds = new Histogram({
      name: `${METRIC_PREFIX}upstream_call_seconds`,
      help: 'Duration of calls to SecurityTrails.',
      labelNames: ['endpoint'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#troubles = new Counter({
      name: `${METRIC_PREFIX}redis_troubles`,
      help: 'Times that Redis was done without, by what it was needed for.',
      labelNames: ['store'],
      registers,
    });
  }

  /** Shows the state of what is built after the metrics. Once. */
  watch(gauges: Gauges): void {
    registerGauges(this.#registry, gauges);
  }

  /** Books the lookups of an observe call. */
  observed({ lookups }: Observed): void {
    for (const { type, outcome } of lookups) {
      this.#lookups.inc({ type, outcome });
    }
  }

  /** Books one upstream call. */
  called({ endpoint, lane, cause, outcome }: MadeCall): void {
    const status = outcome.error ?? String(outcome.status ?? 'none');
    this.#calls.inc({ endpoint, status, lane, cause });
    this.#callSeconds.observe({ endpoint }, outcome.durationMs / 1_000);
  }

  /** Books that Redis failed where the process could do without it. */
  troubled(store: string): void {
    this.#troubles.inc({ store });
  }
}

function registerGauges(registry: MetricsRegistry, gauges: Gauges): void {
  const define = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: METRIC_PREFIX + name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  define('governor_waiting_calls', 'Upstream calls that wait for their turn.', gauges.waitingCalls);
  define('governor_quotas_used_up', 'API keys whose quota is used up.', gauges.quotasUsedUp);
  define('cache_flights', 'Fetches in the air in this process.', gauges.flights);
  define('cache_memory_entries', 'Entries in the in-process tier.', gauges.memoryEntries);
}
