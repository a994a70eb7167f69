import type { Cluster, Redis } from 'ioredis';

import type { FlightBoard } from '../flight-board.port.js';
import { OUTCOME_MS } from '../flight-board.port.js';

const EXTEND = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;
const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/** Flights over all processes that share a Redis. Leases end by themselves when a process dies. */
export class RedisFlightBoard implements FlightBoard {
  readonly #redis: Redis | Cluster;
  readonly #prefix: string;

  constructor(redis: Redis | Cluster, prefix = 'st:') {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  async take(key: string, flightId: string, leaseMs: number): Promise<string> {
    // SET NX GET would be one round trip, but answers nil both for "taken now" and on old servers.
    const lease = this.#lease(key);
    const taken = await this.#redis.set(lease, flightId, 'PX', leaseMs, 'NX');
    if (taken === 'OK') {
      return flightId;
    }
    // Freed between the two commands: for the caller that is as good as an ended flight.
    return (await this.#redis.get(lease)) ?? 'gone';
  }

  async extend(key: string, flightId: string, leaseMs: number): Promise<boolean> {
    return (await this.#redis.eval(EXTEND, 1, this.#lease(key), flightId, leaseMs)) === 1;
  }

  async land(key: string, flightId: string, outcome: string, lingerMs: number): Promise<void> {
    // The outcome goes first: who sees the key free must find the outcome too.
    await this.#redis.set(this.#flight(flightId), outcome, 'PX', OUTCOME_MS);
    if (lingerMs > 0) {
      await this.extend(key, flightId, lingerMs);
    } else {
      await this.#redis.eval(RELEASE, 1, this.#lease(key), flightId);
    }
  }

  holder(key: string): Promise<string | null> {
    return this.#redis.get(this.#lease(key));
  }

  outcome(flightId: string): Promise<string | null> {
    return this.#redis.get(this.#flight(flightId));
  }

  #lease(key: string): string {
    return `${this.#prefix}lease:${key}`;
  }

  #flight(id: string): string {
    return `${this.#prefix}flight:${id}`;
  }
}
