import type { Cluster, Redis } from 'ioredis';

import { HALT_REASONS, HALT_SCOPES } from './halt.js';
import type { Halt, HaltScope } from './halt.js';
import type { HaltStore } from './halt-store.port.js';

/** Sets or removes a field if it still is what was read ('' for none). */
const REPLACE = `
local held = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if held ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
`;

/** Halts in the durable Redis: a hash for each tenant, a field for each scope. */
export class RedisHaltStore implements HaltStore {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async read(tenant: string): Promise<readonly Halt[]> {
    const held = await this.#redis.hgetall(haltKey(tenant));
    return Object.entries(held).flatMap(([scope, text]) => decode(scope, text) ?? []);
  }

  async replace(
    tenant: string,
    scope: HaltScope,
    { before, after }: { readonly before: Halt | undefined; readonly after: Halt | undefined },
  ): Promise<boolean> {
    const [held, next] = [encode(before), encode(after)];
    return (await this.#redis.eval(REPLACE, 1, haltKey(tenant), scope, held, next)) === 1;
  }
}

function haltKey(tenant: string): string {
  return `{st}:w:halt:${tenant}`;
}

/** `reason since retryAt tries probing`: the same text for the same halt. */
function encode(halt: Halt | undefined): string {
  return halt === undefined
    ? ''
    : [halt.reason, halt.since, halt.retryAt, halt.tries, halt.probing ? 1 : 0].join(' ');
}

function decode(field: string, text: string): Halt | undefined {
  const [word, since, retryAt, tries, probing] = text.split(' ');
  const scope = HALT_SCOPES.find((one) => one === field);
  const reason = HALT_REASONS.find((one) => one === word);
  return scope === undefined || reason === undefined
    ? undefined
    : {
        scope,
        reason,
        since: Number(since),
        retryAt: Number(retryAt),
        tries: Number(tries),
        probing: probing === '1',
      };
}
