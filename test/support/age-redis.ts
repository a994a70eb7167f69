import type { RedisClient } from '#platform';

/**
 * Makes all that a Redis holds older by so many milliseconds, instead of waiting for it: lives are
 * shortened, what would have ended is removed, and the instants in lists (of a pacer) move back.
 */
export async function ageRedis(redis: RedisClient, ms: number): Promise<void> {
  for (const key of await redis.keys('*')) {
    const life = await redis.pttl(key);
    if (life >= 0 && life <= ms) {
      await redis.del(key);
    } else if (life > ms) {
      await ageInstants(redis, key, ms);
      await redis.pexpire(key, life - ms);
    }
  }
}

async function ageInstants(redis: RedisClient, key: string, ms: number): Promise<void> {
  if ((await redis.type(key)) === 'list') {
    const instants = await redis.lrange(key, 0, -1);
    await Promise.all(
      instants.map((instant, index) => redis.lset(key, index, String(Number(instant) - ms))),
    );
  }
}
