import { collectDefaultMetrics, Gauge, Registry, type OpenMetricsContentType } from 'prom-client';

/** Starts the name of every metric of ours; Node's own (`process_`, `nodejs_`) keep their names. */
export const METRIC_PREFIX = 'st_';

export type MetricsRegistry = Registry<OpenMetricsContentType>;

export interface BuildInfo {
  /** Which process: relay or worker. */
  readonly process: string;
  readonly version: string;
}

/** What a scrape gets. */
export interface MetricsPage {
  readonly contentType: string;
  readonly body: string;
}

/**
 * A registry of its own (nothing global) with Node's default metrics and `st_build_info`, in the
 * OpenMetrics format: there a counter is named without `_total`, which is added when rendered.
 */
export function createMetrics(build: BuildInfo): MetricsRegistry {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: `${METRIC_PREFIX}build_info`,
    help: 'Always 1; its labels say what is running.',
    labelNames: ['process', 'version', 'node'],
    registers: [registry],
  }).set({ ...build, node: process.version }, 1);
  return registry;
}

export async function renderMetrics(registry: MetricsRegistry): Promise<MetricsPage> {
  return { contentType: registry.contentType, body: await registry.metrics() };
}
