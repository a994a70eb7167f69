import { createHash } from 'node:crypto';

import type { Cluster, Redis } from 'ioredis';

import { LISTS } from './redis.keys.js';

/** A condition on what is stored; each says on which key. */
export type Expectation =
  /** A field of a hash holds this text, or is absent (false). */
  | readonly ['field', string, string, string | false]
  /** A sorted set takes so many more without going over the limit. */
  | readonly ['room', string, number, number]
  /** A hash has fewer fields. */
  | readonly ['fewer', string, number]
  /** A list is empty. */
  | readonly ['idle', string]
  /** The first item of a list begins with this text. */
  | readonly ['head', string, string];

export type Command = readonly (string | number)[];

/** Commands that are run together or, when one expectation does not hold, not at all. */
export interface Group {
  readonly expects: readonly Expectation[];
  readonly writes: readonly Command[];
}

/**
 * The only script that writes: compare, then write. The rules stay in one language and are tested
 * without Redis; here is only what makes them atomic, over processes and at a kill at any moment.
 */
const COMMIT = `
local holds = {
  field = function(e) return redis.call('HGET', e[2], e[3]) == e[4] end,
  room = function(e) return redis.call('ZCARD', e[2]) + e[3] <= e[4] end,
  fewer = function(e) return redis.call('HLEN', e[2]) < e[3] end,
  idle = function(e) return redis.call('LLEN', e[2]) == 0 end,
  head = function(e)
    local first = redis.call('LINDEX', e[2], 0)
    return first and string.sub(first, 1, #e[3]) == e[3]
  end,
}
local broken = {}
for _, group in ipairs(cjson.decode(ARGV[1])) do
  local which = -1
  for n, expectation in ipairs(group[1]) do
    if not holds[expectation[1]](expectation) then
      which = n - 1
      break
    end
  end
  if which < 0 then
    for _, command in ipairs(group[2]) do redis.call(unpack(command)) end
  end
  broken[#broken + 1] = which
end
return broken`;
const COMMIT_SHA = createHash('sha1').update(COMMIT).digest('hex');

/**
 * Runs each group for itself, all in one script.
 *
 * @returns for each group the place of the first expectation that did not hold, -1 when all did.
 */
export async function commit(redis: Redis | Cluster, groups: readonly Group[]): Promise<number[]> {
  if (groups.length === 0) {
    return [];
  }
  const text = JSON.stringify(groups.map(({ expects, writes }) => [expects, writes]));
  try {
    return (await redis.evalsha(COMMIT_SHA, 1, LISTS, text)) as number[];
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
      return (await redis.eval(COMMIT, 1, LISTS, text)) as number[];
    }
    throw error;
  }
}

/** Runs reading commands in one round trip. @throws what the first failed one answered */
export async function readMany(
  redis: Redis | Cluster,
  commands: readonly Command[],
): Promise<unknown[]> {
  if (commands.length === 0) {
    return [];
  }
  const pipeline = redis.pipeline();
  for (const [name, ...args] of commands) {
    pipeline.call(String(name).toLowerCase(), ...args);
  }
  const answers = await pipeline.exec();
  return (answers ?? []).map(([error, answer]) => {
    if (error !== null) {
      throw error;
    }
    return answer;
  });
}
