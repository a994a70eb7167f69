import { AUTH_SETTINGS, type AuthConfig } from './auth.config.js';
import { CACHE_SETTINGS, type CacheConfig } from './cache.config.js';
import { HTTP_SETTINGS, type HttpConfig } from './http.config.js';
import { LOG_SETTINGS, type LogConfig } from './log.config.js';
import { OBSERVE_SETTINGS, type ObserveConfig } from './observe.config.js';
import { OPS_SETTINGS, type OpsConfig } from './ops.config.js';
import { REDIS_SETTINGS, type RedisConfig } from './redis.config.js';
import { SECURITYTRAILS_SETTINGS, type SecurityTrailsConfig } from './securitytrails.config.js';
import type { AreaSettings, Setting } from './setting.js';
import { WATCH_SETTINGS, type WatchConfig } from './watch.config.js';
import { WEBHOOK_SETTINGS, type WebhookConfig } from './webhook.config.js';
import { WORKER_SETTINGS, type WorkerConfig } from './worker.config.js';

/** Which process reads the configuration; both read all of it, but need different parts. */
export type ProcessName = 'relay' | 'worker';

/** The whole configuration, validated and frozen: one typed object per area (config.md). */
export interface Config {
  readonly http: HttpConfig;
  readonly redis: RedisConfig;
  readonly securitytrails: SecurityTrailsConfig;
  readonly observe: ObserveConfig;
  readonly auth: AuthConfig;
  readonly cache: CacheConfig;
  readonly watch: WatchConfig;
  readonly ops: OpsConfig;
  readonly webhook: WebhookConfig;
  readonly log: LogConfig;
  readonly worker: WorkerConfig;
}

/** What could be read so far: a field is missing when it is optional or its text is wrong. */
export type DraftConfig = { readonly [Area in keyof Config]: Partial<Config[Area]> };

/** Every definition; the order is the order of `.env.example` and of the README table. */
export const SETTINGS: { readonly [Area in keyof Config]: AreaSettings<Config[Area]> } = {
  http: HTTP_SETTINGS,
  redis: REDIS_SETTINGS,
  securitytrails: SECURITYTRAILS_SETTINGS,
  observe: OBSERVE_SETTINGS,
  auth: AUTH_SETTINGS,
  cache: CACHE_SETTINGS,
  watch: WATCH_SETTINGS,
  ops: OPS_SETTINGS,
  webhook: WEBHOOK_SETTINGS,
  log: LOG_SETTINGS,
  worker: WORKER_SETTINGS,
};

export function allSettings(): readonly Setting<unknown>[] {
  return Object.values(SETTINGS).flatMap((area) => Object.values<Setting<unknown>>(area));
}

/** Secrets, whole or in part, may come from a file named by `NAME_FILE`. */
export function comesFromFile(setting: Setting<unknown>): boolean {
  return setting.secret === true || setting.mask !== undefined;
}
