import { Cluster } from 'ioredis';
import type { Redis } from 'ioredis';

import { FETCHED_AT_OFFSET, fetchedAtText } from '../codec.js';
import type { CacheStore } from '../store.port.js';

/**
 * Sets unless what is there was fetched later; what tells no time is nobody's and gives way.
 * KEYS: entry. ARGV: bytes, life ms, fetchedAt.
 */
const PUT = `
local held = redis.call('GETRANGE', KEYS[1], ${FETCHED_AT_OFFSET}, ${FETCHED_AT_OFFSET} + #ARGV[3] - 1)
if not string.find(held, '%D') and held > ARGV[3] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** Keys that Redis looks at in one step: about a millisecond of its time. */
const SCANNED = 1_000;

/**
 * Entries in Redis. The client decides how long a command may take and whether it is sent again;
 * give it one that fails fast.
 */
export class RedisStore implements CacheStore {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async getMany(keys: readonly string[]): Promise<(Buffer | null)[]> {
    const [first] = keys;
    if (first === undefined) {
      return [];
    }
    // One GET is cheaper than an MGET of one, and the usual case.
    if (keys.length === 1) {
      return [await this.#redis.getBuffer(first)];
    }
    // A cluster refuses one command about keys of several slots.
    return this.#redis.isCluster
      ? Promise.all(keys.map((key) => this.#redis.getBuffer(key)))
      : this.#redis.mgetBuffer([...keys]);
  }

  async put(key: string, bytes: Buffer, keepMs: number): Promise<boolean> {
    const life = Math.max(1, Math.trunc(keepMs));
    const written = await this.#redis.eval(PUT, 1, key, bytes, life, fetchedAtText(bytes));
    return written === 1;
  }

  async *keys(prefix: string): AsyncIterable<readonly string[]> {
    const match = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`;
    for (const node of this.#nodes()) {
      let cursor = '0';
      do {
        const [next, keys] = await node.scan(cursor, 'MATCH', match, 'COUNT', SCANNED);
        cursor = next;
        yield keys;
      } while (cursor !== '0');
    }
  }

  async delete(keys: readonly string[]): Promise<number> {
    if (!this.#redis.isCluster) {
      return keys.length === 0 ? 0 : this.#redis.unlink(...keys);
    }
    const counts = await Promise.all(keys.map((key) => this.#redis.unlink(key)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  #nodes(): readonly Redis[] {
    return this.#redis instanceof Cluster ? this.#redis.nodes('master') : [this.#redis];
  }
}
