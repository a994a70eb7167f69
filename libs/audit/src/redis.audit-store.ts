import type { Cluster, Redis } from 'ioredis';

import { actorText } from './audit-event.js';
import type { AuditEvent, AuditResult } from './audit-event.js';
import type { AuditFilter, AuditPage, AuditQuery, AuditStore } from './audit-store.port.js';
import { idAt, placeAt, placeFrom, placeOf } from './place.js';

/** How much is kept. What was denied is counted apart: who is refused a lot pushes nothing out. */
export interface AuditRetention {
  readonly most: number;
  readonly mostDenied: number;
  readonly keepMs: number;
}

export const DEFAULT_RETENTION: AuditRetention = {
  most: 50_000,
  mostDenied: 10_000,
  keepMs: 400 * 86_400_000,
};

/** One hash slot for all. Beside it: `:body` by id, `:all`, `:kept` and `:denied` with places. */
const ROOT = '{st}:a';
const BODIES = `${ROOT}:body`;
const ALL = `${ROOT}:all`;
/** How many events a filter looks at in one step. */
const STEP = 500;

/**
 * Appends; an id that is there is left alone. Then drops from both classes what is too old, and from
 * its own what is too many. ARGV: class, place, id, event, most, lowest place to keep.
 */
const APPEND = `
local base = KEYS[1]
if redis.call('HSETNX', base .. ':body', ARGV[3], ARGV[4]) == 0 then return 0 end
redis.call('ZADD', base .. ':all', 0, ARGV[2])
redis.call('ZADD', base .. ':' .. ARGV[1], 0, ARGV[2])
local function drop(class, places)
  for _, place in ipairs(places) do
    redis.call('ZREM', base .. ':all', place)
    redis.call('ZREM', class, place)
    redis.call('HDEL', base .. ':body', string.sub(place, 14))
  end
end
for _, name in ipairs({ 'kept', 'denied' }) do
  local class = base .. ':' .. name
  drop(class, redis.call('ZRANGEBYLEX', class, '-', '(' .. ARGV[6], 'LIMIT', 0, 100))
end
local class = base .. ':' .. ARGV[1]
local excess = math.min(redis.call('ZCARD', class) - tonumber(ARGV[5]), 100)
if excess > 0 then drop(class, redis.call('ZRANGE', class, 0, excess - 1)) end
return 1`;

/** The only change that an event sees: from `unknown` to how it ended. ARGV: id, result. */
const CONCLUDE = `
local body = redis.call('HGET', KEYS[1], ARGV[1])
if not body then return 0 end
local concluded, count = string.gsub(body, '"result":"unknown"', '"result":"' .. ARGV[2] .. '"', 1)
if count == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], concluded)
return 1`;

/** The audit log in the durable Redis: JSON by id, and sorted sets of places. */
export class RedisAuditStore implements AuditStore {
  readonly #redis: Redis | Cluster;
  readonly #retention: AuditRetention;

  constructor(redis: Redis | Cluster, retention: AuditRetention) {
    this.#redis = redis;
    this.#retention = retention;
  }

  async append(event: AuditEvent): Promise<void> {
    const { most, mostDenied, keepMs } = this.#retention;
    const isDenied = event.result === 'denied';
    await this.#redis.eval(
      APPEND,
      1,
      ROOT,
      isDenied ? 'denied' : 'kept',
      placeOf(event),
      event.id,
      encode(event),
      isDenied ? mostDenied : most,
      placeFrom(event.at - keepMs),
    );
  }

  async conclude(id: string, result: AuditResult): Promise<boolean> {
    return (await this.#redis.eval(CONCLUDE, 1, BODIES, id, result)) === 1;
  }

  async find(id: string): Promise<AuditEvent | undefined> {
    const [event] = await this.#find([id]);
    return event;
  }

  async page({ first, after, filter = {} }: AuditQuery): Promise<AuditPage> {
    const events: AuditEvent[] = [];
    const step = isNarrow(filter) ? Math.max(first + 1, STEP) : first + 1;
    for await (const some of this.#steps(filter, after, step)) {
      events.push(...some);
      if (events.length > first) {
        return { events: events.slice(0, first), hasMore: true };
      }
    }
    return { events, hasMore: false };
  }

  async count(filter: AuditFilter = {}): Promise<number> {
    if (!isNarrow(filter)) {
      return this.#redis.zlexcount(ALL, lowest(filter), '+');
    }
    let count = 0;
    for await (const some of this.#steps(filter, undefined, STEP)) {
      count += some.length;
    }
    return count;
  }

  async *#steps(
    filter: AuditFilter,
    after: string | undefined,
    step: number,
  ): AsyncGenerator<readonly AuditEvent[]> {
    let below = after === undefined ? '+' : `(${placeAt(after)}`;
    for (;;) {
      const range = [ALL, below, lowest(filter), 'LIMIT', 0, step] as const;
      const places = await this.#redis.zrevrangebylex(...range);
      yield (await this.#find(places.map(idAt))).filter((event) => passes(event, filter));
      const last = places.at(-1);
      if (last === undefined || places.length < step) {
        return;
      }
      below = `(${last}`;
    }
  }

  async #find(ids: readonly string[]): Promise<AuditEvent[]> {
    if (ids.length === 0) {
      return [];
    }
    const texts = await this.#redis.hmget(BODIES, ...ids);
    return texts.filter((text) => text !== null).map(decode);
  }
}

/** Whether bodies must be read to tell what passes. */
function isNarrow({ actor, action }: AuditFilter): boolean {
  return actor !== undefined || action !== undefined;
}

function lowest({ since }: AuditFilter): string {
  return since === undefined ? '-' : `[${placeFrom(since)}`;
}

function passes(event: AuditEvent, { actor, action }: AuditFilter): boolean {
  return (
    (actor === undefined || event.actor === actorText(actor)) &&
    (action === undefined || event.action === action)
  );
}

/** The result comes first, where no text of others can be taken for it. */
function encode({ result, ...event }: AuditEvent): string {
  return JSON.stringify({ result, ...event });
}

/** Reads what only this file writes. */
function decode(text: string): AuditEvent {
  return JSON.parse(text) as AuditEvent;
}
