import type { Cluster, Redis } from 'ioredis';

/** A worker is believed to live for so long after it last said so. */
const PRESENCE_MS = 30_000;
const LATEST = 'st:worker';

/**
 * Which tenants have a worker that holds their API key. A worker can refresh only for the key it
 * was given; the relay refreshes for all others itself.
 */
export class RedisWorkerPresence {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  /** Says that a worker for the tenant lives. To be repeated well within 30 s. */
  async announce(tenant: string): Promise<void> {
    await Promise.all([
      this.#redis.set(key(tenant), '1', 'PX', PRESENCE_MS),
      this.#redis.set(LATEST, tenant),
    ]);
  }

  async withdraw(tenant: string): Promise<void> {
    await this.#redis.del(key(tenant));
  }

  /** The tenant whose worker spoke last, however long ago; undefined when none ever did. */
  async latest(): Promise<string | undefined> {
    return (await this.#redis.get(LATEST)) ?? undefined;
  }

  async has(tenant: string): Promise<boolean> {
    return (await this.#redis.exists(key(tenant))) === 1;
  }
}

function key(tenant: string): string {
  return `st:worker:${tenant}`;
}
