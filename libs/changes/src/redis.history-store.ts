import type { Cluster, Redis } from 'ioredis';

import { encodeChange } from './change.codec.js';
import type { Change } from './change.js';
import type { Retention } from './change-store.port.js';
import { ChangesError } from './errors.js';
import { decodeHistory, encodeHistory } from './history.codec.js';
import type { Commit, Held, HistoryStore } from './history-store.port.js';
import { placeFrom, placeOf } from './place.js';
import { baseKey, historyKey } from './redis.keys.js';
import { COMMIT, VERSION_DIGITS } from './redis.scripts.js';
import type { Subject } from './subject.js';

/** Twice the longest interval: what is watched is looked at long before. */
const LEAST_LIFE_MS = 180 * 86_400_000;

/** Known histories in the durable Redis, as long after the last look as changes are kept; each value is its version, then the encoded history. */
export class RedisHistoryStore implements HistoryStore {
  readonly #redis: Redis | Cluster;
  readonly #retention: Retention;

  constructor(redis: Redis | Cluster, retention: Retention) {
    this.#redis = redis;
    this.#retention = retention;
  }

  async read(subjects: readonly Subject[]): Promise<(Held | null)[]> {
    if (subjects.length === 0) {
      return [];
    }
    const values = await this.#redis.mgetBuffer(subjects.map(historyKey));
    return values.map((value) => (value === null ? null : heldOf(value)));
  }

  async commit({
    subject,
    expected,
    history,
    changes,
  }: Commit): Promise<readonly Change[] | undefined> {
    const { most, keepMs } = this.#retention;
    const { observable, tenant } = subject;
    // All changes of a look are of one observable and were found on the same lists.
    const watchlists = changes[0]?.watchlists ?? [];
    const version = String(expected + 1).padStart(VERSION_DIGITS, '0');
    const written = await this.#redis.eval(
      COMMIT,
      2,
      historyKey(subject),
      baseKey(tenant),
      expected,
      Buffer.concat([Buffer.from(version), encodeHistory(history)]),
      most,
      placeFrom(history.lookedAt - keepMs),
      `${observable.type}:${observable.value}`,
      Math.max(keepMs, LEAST_LIFE_MS),
      watchlists.length,
      ...watchlists,
      ...changes.flatMap((change) => [placeOf(change), change.id, encodeChange(change)]),
    );
    if (!Array.isArray(written)) {
      return undefined;
    }
    const ids = new Set<unknown>(written);
    return changes.filter(({ id }) => ids.has(id));
  }

  async forget(subject: Subject): Promise<void> {
    await this.#redis.unlink(historyKey(subject));
  }
}

function heldOf(value: Buffer): Held {
  const version = Number(value.toString('latin1', 0, VERSION_DIGITS));
  if (!Number.isInteger(version)) {
    throw new ChangesError('history_unreadable', 'A known history has no version.');
  }
  return { version, history: decodeHistory(value.subarray(VERSION_DIGITS)) };
}
