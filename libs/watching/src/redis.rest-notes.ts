import type { Cluster, Redis } from 'ioredis';

import { REST_REASONS } from './refresh-end.js';
import type { Rest, RestNotes } from './work-state.js';

/** Since when work rests, in the durable Redis: `reason since`, for each tenant. */
export class RedisRestNotes implements RestNotes {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async read(tenant: string): Promise<Pick<Rest, 'reason' | 'since'> | undefined> {
    const [word, since] = ((await this.#redis.get(noteKey(tenant))) ?? '').split(' ');
    const reason = REST_REASONS.find((one) => one === word);
    return reason && { reason, since: Number(since) };
  }

  async write(tenant: string, note: Pick<Rest, 'reason' | 'since'> | undefined): Promise<void> {
    await (note === undefined
      ? this.#redis.del(noteKey(tenant))
      : this.#redis.set(noteKey(tenant), `${note.reason} ${note.since}`));
  }
}

function noteKey(tenant: string): string {
  return `{st}:w:rest:${tenant}`;
}
