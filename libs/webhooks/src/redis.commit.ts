import { createHash } from 'node:crypto';

import type { Cluster, Redis } from 'ioredis';

import { WEBHOOKS } from './redis.keys.js';

/** A condition on what is stored; each says on which key. */
export type Expectation =
  /** A string holds this text. */
  | readonly ['text', string, string]
  /** A key is not there. */
  | readonly ['absent', string]
  /** A field of a hash holds this text, or is absent (false). */
  | readonly ['field', string, string, string | false]
  /** A field of a hash is there. */
  | readonly ['present', string, string]
  /** A hash has fewer fields. */
  | readonly ['fewer', string, number]
  /** A sorted set holds none of these members. */
  | readonly ['without', string, readonly string[]];

export type Command = readonly (string | number)[];

/** Compare, then write: what makes a change of several keys atomic, over processes and kills. */
const COMMIT = `
local holds = {
  text = function(e) return redis.call('GET', e[2]) == e[3] end,
  absent = function(e) return redis.call('EXISTS', e[2]) == 0 end,
  field = function(e) return redis.call('HGET', e[2], e[3]) == e[4] end,
  present = function(e) return redis.call('HEXISTS', e[2], e[3]) == 1 end,
  fewer = function(e) return redis.call('HLEN', e[2]) < e[3] end,
  without = function(e)
    for _, member in ipairs(e[3]) do
      if redis.call('ZSCORE', e[2], member) then return false end
    end
    return true
  end,
}
local group = cjson.decode(ARGV[1])
for n, expectation in ipairs(group[1]) do
  if not holds[expectation[1]](expectation) then return n - 1 end
end
for _, command in ipairs(group[2]) do redis.call(unpack(command)) end
return -1`;

/** Deliveries that are too many or too old, oldest first. ARGV: most, lowest place, prefix, due. */
const TRIM = `
local gone = redis.call('ZRANGEBYLEX', KEYS[1], '-', '(' .. ARGV[2], 'LIMIT', 0, 500)
local excess = redis.call('ZCARD', KEYS[1]) - #gone - tonumber(ARGV[1])
if excess > 0 then
  gone = redis.call('ZRANGE', KEYS[1], 0, #gone + math.min(excess, 500) - 1)
end
for _, place in ipairs(gone) do
  local id = string.sub(place, 14)
  redis.call('ZREM', KEYS[1], place)
  redis.call('DEL', ARGV[3] .. id)
  redis.call('ZREM', ARGV[4], id)
end
return #gone`;

/** @returns the place of the first expectation that did not hold; -1: all held, and it is written. */
export async function commit(
  redis: Redis | Cluster,
  expects: readonly Expectation[],
  writes: readonly Command[],
): Promise<number> {
  const text = JSON.stringify([expects, writes]);
  return Number(await run(redis, COMMIT, [WEBHOOKS, text]));
}

/** @returns how many went, 1,000 at most */
export async function trimLog(
  redis: Redis | Cluster,
  [key, ...args]: readonly [string, ...(string | number)[]],
): Promise<number> {
  return Number(await run(redis, TRIM, [key, ...args]));
}

async function run(
  redis: Redis | Cluster,
  script: string,
  [key, ...args]: readonly [string, ...(string | number)[]],
): Promise<unknown> {
  try {
    const sha = createHash('sha1').update(script).digest('hex');
    return await redis.evalsha(sha, 1, key, ...args);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
      return redis.eval(script, 1, key, ...args);
    }
    throw error;
  }
}
