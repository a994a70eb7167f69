import { anyText, integer } from './parsers.js';
import type { AreaSettings } from './setting.js';

const TEN_YEARS_SECONDS = 315_360_000;

export interface CacheConfig {
  /** Age up to which an answer is fresh. */
  readonly freshSeconds: number;
  /** After freshness, how long an answer is still served while it is being refreshed. */
  readonly staleSeconds: number;
  /** Age up to which "nothing known" is fresh. */
  readonly negativeSeconds: number;
  /** Size of the in-process tier; 0: off. */
  readonly memoryEntries: number;
  /** Keys the digest that stands for an API key; unset: a fixed label does. Secret. */
  readonly digestKey?: string;
}

export const CACHE_SETTINGS: AreaSettings<CacheConfig> = {
  freshSeconds: {
    name: 'CACHE_FRESH_SECONDS',
    description: 'Seconds for which an answer is served as fresh',
    example: '21600',
    defaultText: '21600',
    parse: integer(0, TEN_YEARS_SECONDS),
  },
  staleSeconds: {
    name: 'CACHE_STALE_SECONDS',
    description:
      'Seconds after its freshness for which an answer is still served while being refreshed',
    example: '604800',
    defaultText: '604800',
    parse: integer(0, TEN_YEARS_SECONDS),
  },
  negativeSeconds: {
    name: 'CACHE_NEGATIVE_SECONDS',
    description: 'Seconds for which "nothing known" is kept',
    example: '3600',
    defaultText: '3600',
    parse: integer(0, TEN_YEARS_SECONDS),
  },
  memoryEntries: {
    name: 'CACHE_MEMORY_ENTRIES',
    description: 'Entries of the in-process tier (0: off)',
    example: '5000',
    defaultText: '5000',
    parse: integer(0, 10_000_000),
  },
  digestKey: {
    name: 'CACHE_DIGEST_KEY',
    description:
      'Keys the digests that partition the cache by API key; every process needs the same one. Unset: a fixed label of the application',
    example: 'a-long-random-text',
    secret: true,
    parse: anyText,
  },
};
