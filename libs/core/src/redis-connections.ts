import { closeRedis, RedisPulse } from '#platform';
import type { RedisClient } from '#platform';

/** The connections of a process: two instances with different duties, and a listener. */
export class RedisConnections {
  /** Whether the two instances answer. */
  readonly cachePulse: RedisPulse;
  readonly queuePulse: RedisPulse;

  constructor(
    /** Answers; may be lost without harm. Fails fast. */
    readonly cache: RedisClient,
    /** Hears of others' writes to the cache. */
    readonly cacheSubscriber: RedisClient,
    /** Queue, rate, quota circuit: durable. Fails fast. */
    readonly queue: RedisClient,
  ) {
    this.cachePulse = new RedisPulse(cache);
    this.queuePulse = new RedisPulse(queue);
  }

  async close(): Promise<void> {
    this.cachePulse.stop();
    this.queuePulse.stop();
    await Promise.all([this.cache, this.cacheSubscriber, this.queue].map((one) => closeRedis(one)));
  }
}
