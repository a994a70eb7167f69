import { maskRedisUrl, redisUrl } from './redis-url.js';
import type { AreaSettings } from './setting.js';

/** Redis URLs may hold passwords: they are secrets, whole, outside this folder. */
export interface RedisConfig {
  readonly queueUrl: string;
  readonly cacheUrl: string;
}

const FORMS =
  '`redis://`, `rediss://`, `redis+sentinel://host,host/name[/db]` or `redis+cluster://host,host`';

export const REDIS_SETTINGS: AreaSettings<RedisConfig> = {
  queueUrl: {
    name: 'REDIS_URL',
    description: `Queue and watchlists: must be \`noeviction\` and persistent. ${FORMS}`,
    example: 'redis://127.0.0.1:6379',
    defaultText: 'redis://127.0.0.1:6379',
    mask: maskRedisUrl,
    parse: redisUrl,
  },
  cacheUrl: {
    name: 'CACHE_REDIS_URL',
    description: 'The cache: may evict (`allkeys-lfu`) and may be lost without harm',
    example: 'redis://127.0.0.1:6380',
    sameAs: 'REDIS_URL',
    mask: maskRedisUrl,
    parse: redisUrl,
  },
};
