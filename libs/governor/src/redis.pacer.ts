import type { Cluster, Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

import { WINDOW_MS } from './memory.pacer.js';
import type { Lane, Pacer } from './pacer.port.js';

/**
 * The library counts in fixed windows, and two neighbours of those let twice the rate through in
 * one second; upstream counts that as a throttle. So it runs this log of the last turns instead:
 * at most ARGV[3] in any window. It answers what the library expects, {consumed, wait in ms}.
 * The background lane steps back while an analyst waits, and everybody while a penalty runs.
 */
const TAKE_TURN = `
local base, background = string.gsub(KEYS[1], ':background$', '')
local limit = tonumber(ARGV[3])
local penalty = redis.call('PTTL', base .. ':penalty')
if penalty > 0 then return {limit + 1, penalty} end
if background == 1 then
  local wanted = redis.call('PTTL', base .. ':wanted')
  if wanted > 0 then return {limit + 1, wanted} end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = redis.call('LINDEX', base, limit - 1)
if oldest then
  local wait = oldest + ${WINDOW_MS} - now
  if wait > 0 then
    if background == 0 then redis.call('SET', base .. ':wanted', 1, 'PX', wait + 200) end
    return {limit + 1, wait}
  end
end
redis.call('LPUSH', base, now)
redis.call('LTRIM', base, 0, limit - 1)
redis.call('PEXPIRE', base, ${2 * WINDOW_MS})
return {1, 0}`;

const PREFIX = 'st:rate';
const BACKGROUND = ':background';

/** Both lanes draw on one share: the library would count them apart. */
class Insurance extends RateLimiterMemory {
  override getKey(key: string): string {
    return super.getKey(key.replace(BACKGROUND, ''));
  }
}

export interface RedisPacerOptions {
  readonly redis: Redis | Cluster;
  /** Calls a second for one API key, over all processes. */
  readonly perSecond: number;
  /** Processes that share the rate; while Redis is away each keeps to its own share. */
  readonly processes: number;
}

/** Turns over all processes by rate-limiter-flexible on Redis, with its memory limiter as insurance. */
export class RedisPacer implements Pacer {
  readonly #redis: Redis | Cluster;
  readonly #limiter: RateLimiterRedis;
  readonly #insurance: Insurance;

  constructor(options: RedisPacerOptions) {
    this.#redis = options.redis;
    this.#insurance = new Insurance({
      keyPrefix: PREFIX,
      points: 1,
      duration: options.processes / options.perSecond,
    });
    this.#limiter = new RateLimiterRedis({
      storeClient: options.redis,
      keyPrefix: PREFIX,
      points: options.perSecond,
      duration: 1,
      customIncrTtlLuaScript: TAKE_TURN,
      rejectIfRedisNotReady: true,
      insuranceLimiter: this.#insurance,
    });
  }

  async tryTake(tenant: string, lane: Lane): Promise<number> {
    try {
      await this.#limiter.consume(
        lane === 'background' ? `{${tenant}}${BACKGROUND}` : `{${tenant}}`,
      );
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) {
        return Math.max(1, refusal.msBeforeNext);
      }
      throw refusal;
    }
  }

  async penalise(tenant: string, ms: number): Promise<void> {
    // For the time without Redis too: that is when nobody else would tell this process.
    const life = Math.max(1, Math.ceil(ms));
    await this.#insurance.block(`{${tenant}}`, life / 1_000);
    await this.#redis.set(`${PREFIX}:{${tenant}}:penalty`, '1', 'PX', life);
  }
}
