import type { Cluster, Redis } from 'ioredis';

import { MemoryQuotaCircuit } from './memory.quota-circuit.js';
import type { QuotaCircuit } from './quota-circuit.port.js';

/**
 * The circuit in Redis, so that one process' quota answer stops all of them; with a copy in memory,
 * so that a process still honours what it has seen itself while Redis is away.
 */
export class RedisQuotaCircuit implements QuotaCircuit {
  readonly #redis: Redis | Cluster;
  readonly #seen: MemoryQuotaCircuit;
  readonly #clock: () => number;

  constructor(redis: Redis | Cluster, clock: () => number) {
    this.#redis = redis;
    this.#clock = clock;
    this.#seen = new MemoryQuotaCircuit(clock);
  }

  async openUntil(tenant: string): Promise<number | null> {
    try {
      const until = Number((await this.#redis.get(key(tenant))) ?? 0);
      return until > this.#clock() ? until : null;
    } catch {
      return this.#seen.openUntil(tenant);
    }
  }

  async open(tenant: string, until: number): Promise<void> {
    await this.#seen.open(tenant, until);
    const life = Math.max(1, Math.ceil(until - this.#clock()));
    await this.#redis.set(key(tenant), String(until), 'PX', life);
  }

  async close(tenant: string): Promise<void> {
    await this.#seen.close(tenant);
    await this.#redis.del(key(tenant));
  }
}

function key(tenant: string): string {
  return `st:circuit:{${tenant}}`;
}
