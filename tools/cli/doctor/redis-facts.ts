import { closeRedis, connectRedis, requestPathRedis } from '#platform';
import type { RedisClient } from '#platform';

/** What a Redis says about itself. */
export interface RedisFacts {
  readonly version: string;
  readonly evictionPolicy: string;
  /** Bytes; 0: no limit. */
  readonly memoryLimit: number;
  readonly appendOnly: boolean;
  /** Whether it writes snapshots; undefined where it does not tell (CONFIG is often forbidden). */
  readonly snapshots: boolean | undefined;
  /** How far ahead of us its clock is, in milliseconds. */
  readonly clockOffsetMs: number;
}

/** Reached, or why not. */
export type RedisAnswer = { readonly facts: RedisFacts } | { readonly away: string };

/** Asks a Redis, with the client that the relay would use. The answer holds no password. */
export async function askRedis(url: string, now: () => number): Promise<RedisAnswer> {
  let reason = 'no answer';
  const client = requestPathRedis(url, {
    onError: (error) => {
      reason = error.message;
    },
  });
  try {
    return (await connectRedis(client)) ? { facts: await factsOf(client, now) } : { away: reason };
  } catch (error) {
    return { away: error instanceof Error ? error.message : reason };
  } finally {
    await closeRedis(client);
  }
}

async function factsOf(client: RedisClient, now: () => number): Promise<RedisFacts> {
  const info = fieldsOf(await client.info());
  const save = await client.config('GET', 'save').catch(() => undefined);
  const [seconds, microseconds] = await client.time();
  return {
    version: info.get('redis_version') ?? 'unknown',
    evictionPolicy: info.get('maxmemory_policy') ?? 'unknown',
    memoryLimit: Number(info.get('maxmemory') ?? 0),
    appendOnly: info.get('aof_enabled') === '1',
    snapshots: snapshotsOf(save),
    clockOffsetMs: Number(seconds) * 1000 + Number(microseconds) / 1000 - now(),
  };
}

/** `name:value` lines. */
function fieldsOf(info: string): Map<string, string> {
  const lines = info.split('\r\n').map((line) => line.split(':', 2));
  return new Map(lines.map(([name = '', value = '']) => [name, value]));
}

/** CONFIG GET answers a list in RESP2 and a map in RESP3; the value is the text after the name. */
function snapshotsOf(answer: unknown): boolean | undefined {
  const value = Array.isArray(answer)
    ? (answer as unknown[])[1]
    : (answer as Record<string, unknown> | undefined)?.['save'];
  return typeof value === 'string' ? value !== '' : undefined;
}
