export { configFromProcess, EXIT_CONFIG, type ConfigHost } from './config/process-config.js';
export { configurationTable, envExample, redactedConfig } from './config/config-text.js';
export { loadConfig, type ConfigResult } from './config/load-config.js';
export { faultLine, type ConfigFault } from './config/setting.js';
export type { Config, ProcessName } from './config/config.js';
export type { AuthConfig } from './config/auth.config.js';
export type { CacheConfig } from './config/cache.config.js';
export type { HttpConfig } from './config/http.config.js';
export type { LogConfig, LogLevel } from './config/log.config.js';
export type { ObserveConfig } from './config/observe.config.js';
export type { OpsConfig } from './config/ops.config.js';
export type { RedisConfig } from './config/redis.config.js';
export type { SecurityTrailsConfig } from './config/securitytrails.config.js';
export type { WebhookConfig } from './config/webhook.config.js';
export type { WorkerConfig } from './config/worker.config.js';
export { createLogger, type Logger, type LoggerOptions } from './logging/logger.js';
export { NestLogger } from './logging/nest-logger.js';
export { redact, registerSecret } from './logging/redaction.js';
export { serializeError, type LoggedError } from './logging/error-serializer.js';
export {
  logRedisState,
  requestPathRedis,
  subscriberRedis,
  workerRedis,
  type RedisClient,
  type RedisWatcher,
} from './redis/redis-clients.js';
export { closeRedis, connectRedis } from './redis/redis-connection.js';
export {
  createMetrics,
  METRIC_PREFIX,
  renderMetrics,
  type BuildInfo,
  type MetricsPage,
  type MetricsRegistry,
} from './metrics/metrics.js';
export { SERVER_OPTIONS, tuneServer } from './http/server-options.js';
export { keepRequestsYoung } from './lifecycle/young-generation.js';
export { onShutdown, type ShutdownOptions, type ShutdownStep } from './lifecycle/shutdown.js';
export { TunedHttpAdapter } from './http/tuned-http.adapter.js';
export { jwksUrl } from './http/jwks-url.js';
export { RedisPulse } from './redis/redis-pulse.js';
