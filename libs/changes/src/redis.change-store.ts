import type { Cluster, Redis } from 'ioredis';

import { decodeChange, encodeAcknowledgement } from './change.codec.js';
import type { StoredChange } from './change.js';
import type {
  Acknowledged,
  Acknowledgement,
  ChangeFilter,
  ChangePage,
  ChangeQuery,
  ChangeStore,
  PageQuery,
  Retention,
} from './change-store.port.js';
import type { Place } from './place.js';
import { partsOf, placeFrom } from './place.js';
import {
  acknowledgedKey,
  allKey,
  baseKey,
  bodiesKey,
  listKey,
  observableKey,
} from './redis.keys.js';
import { ACKNOWLEDGE, TRIM } from './redis.scripts.js';
import type { PlaceRange } from './selection.js';
import { changeFits, pageSizeOf, placeFits, rangeOf, typeOfValue } from './selection.js';

/** How many places a filter looks at in one step. */
const STEP = 500;

/** Changes in the durable Redis: bodies by id, and sorted sets of places that find them. */
export class RedisChangeStore implements ChangeStore {
  readonly #redis: Redis | Cluster;
  readonly #retention: Retention;

  constructor(redis: Redis | Cluster, retention: Retention) {
    this.#redis = redis;
    this.#retention = retention;
  }

  async page(query: PageQuery): Promise<ChangePage> {
    const size = pageSizeOf(query);
    const changes: StoredChange[] = [];
    // One more tells whether there are more.
    for await (const change of this.#select(query, size + 1)) {
      if (changes.length === size) {
        return { changes, hasMore: true };
      }
      changes.push(change);
    }
    return { changes, hasMore: false };
  }

  async count(query: ChangeQuery): Promise<number> {
    const { filter = {} } = query;
    if (isExact(filter)) {
      const { below, from } = rangeOf(filter);
      return this.#redis.zlexcount(indexKey(query), `[${from}`, `(${below}`);
    }
    let count = 0;
    for await (const places of this.#places(query, STEP)) {
      count += await this.#countFitting(query, places);
    }
    return count;
  }

  async find(tenant: string, ids: readonly string[]): Promise<(StoredChange | null)[]> {
    if (ids.length === 0) {
      return [];
    }
    const [bodies, acknowledgements] = await Promise.all([
      this.#redis.hmget(bodiesKey(tenant), ...ids),
      this.#redis.hmget(acknowledgedKey(tenant), ...ids),
    ]);
    return ids.map((id, index) => {
      const body = bodies[index] ?? null;
      return body === null ? null : decodeChange(id, body, acknowledgements[index] ?? null);
    });
  }

  async acknowledge({ tenant, ids, by, at }: Acknowledgement): Promise<Acknowledged> {
    const once = [...new Set(ids)];
    const outcomes = await this.#redis.eval(
      ACKNOWLEDGE,
      2,
      bodiesKey(tenant),
      acknowledgedKey(tenant),
      encodeAcknowledgement(at, by),
      ...once,
    );
    const came = (outcome: number): string[] =>
      once.filter((_, index) => Array.isArray(outcomes) && outcomes[index] === outcome);
    return { acknowledged: came(1), already: came(0), unknown: came(-1) };
  }

  async trim(tenant: string, now: number): Promise<number> {
    const { most, keepMs } = this.#retention;
    const oldest = placeFrom(now - keepMs);
    return Number(await this.#redis.eval(TRIM, 1, baseKey(tenant), most, oldest));
  }

  async *#select(
    query: ChangeQuery & { readonly after?: string },
    wanted: number,
  ): AsyncGenerator<StoredChange> {
    const filter = query.filter ?? {};
    const step = isExact(filter) ? wanted : Math.max(wanted, STEP);
    for await (const places of this.#places(query, step)) {
      yield* await this.#changesAt(query.tenant, filter, places);
    }
  }

  async #countFitting(
    { tenant, filter = {} }: ChangeQuery,
    places: readonly Place[],
  ): Promise<number> {
    return needsBodies(filter)
      ? (await this.#changesAt(tenant, filter, places)).length
      : places.filter((place) => placeFits(place, filter)).length;
  }

  async #changesAt(
    tenant: string,
    filter: ChangeFilter,
    places: readonly Place[],
  ): Promise<StoredChange[]> {
    const ids = places
      .filter((place) => placeFits(place, filter))
      .map((place) => partsOf(place).id);
    const changes = await this.find(tenant, ids);
    // One that went between the two questions is gone.
    return changes
      .filter((change) => change !== null)
      .filter((change) => changeFits(change, filter));
  }

  async *#places(
    query: ChangeQuery & { readonly after?: string },
    step: number,
  ): AsyncGenerator<readonly Place[]> {
    const key = indexKey(query);
    let range: PlaceRange = rangeOf(query.filter ?? {}, query.after);
    for (;;) {
      const { below, from } = range;
      const places = await this.#redis.zrevrangebylex(
        key,
        `(${below}`,
        `[${from}`,
        'LIMIT',
        0,
        step,
      );
      yield places;
      const last = places.at(-1);
      if (last === undefined || places.length < step) {
        return;
      }
      range = { below: last, from };
    }
  }
}

/** Whether all that the narrowest index holds is meant. */
function isExact(filter: ChangeFilter): boolean {
  return filter.kind === undefined && filter.type === undefined && !needsBodies(filter);
}

/** Lists are not told by a place; the index of an observable holds those of all its lists. */
function needsBodies({ value, watchlistId }: ChangeFilter): boolean {
  return value !== undefined && watchlistId !== undefined;
}

/** The narrowest index that holds all that a query can mean. */
function indexKey({ tenant, filter = {} }: ChangeQuery): string {
  const { type, value, watchlistId } = filter;
  if (value !== undefined) {
    return observableKey(tenant, { type: type ?? typeOfValue(value), value });
  }
  return watchlistId === undefined ? allKey(tenant) : listKey(tenant, watchlistId);
}
