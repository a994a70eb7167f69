import { closeRedis } from '#platform';
import type { RedisClient } from '#platform';

/** The connections of a process: two instances with different duties, and a listener. */
export class RedisConnections {
  constructor(
    /** Answers; may be lost without harm. Fails fast. */
    readonly cache: RedisClient,
    /** Hears of others' writes to the cache. */
    readonly cacheSubscriber: RedisClient,
    /** Queue, rate, quota circuit: durable. Fails fast. */
    readonly queue: RedisClient,
  ) {}

  async close(): Promise<void> {
    await Promise.all([this.cache, this.cacheSubscriber, this.queue].map((one) => closeRedis(one)));
  }
}
