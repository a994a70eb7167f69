import { closeRedis } from '#platform';
import type { RedisClient } from '#platform';

/** The connections of the API: its own, so that nothing it asks for is in the way of an observe. */
export class OpsConnections {
  constructor(
    /** The durable Redis. Patient: how long is waited is the request's affair. */
    readonly redis: RedisClient,
  ) {}

  async close(): Promise<void> {
    await closeRedis(this.redis);
  }
}
