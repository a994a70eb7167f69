export { CoreMetrics } from './core-metrics.js';
export { CoreModule } from './core.module.js';
export type { CoreOptions } from './core.module.js';
export { CONFIG, LOGGER, METRICS } from './core.tokens.js';
export { ProbesController } from './probes/probes.controller.js';
export { Readiness } from './probes/readiness.js';
export { productVersion } from './product-version.js';
export { RedisConnections } from './redis-connections.js';
export { Version } from './version.js';
