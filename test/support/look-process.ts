/**
 * A process that looks at moving names, a day after the other, as often as it is killed: started
 * again, it goes on from what is held in Redis.
 */
import { Redis } from 'ioredis';

import { HistoryWatch, RedisHistoryStore } from '#changes';
import { dayOfLook, lookAt } from './moving-names.js';
import type { MovingNames } from './moving-names.js';

/** What it is started with: the URL of a Redis, and the {@link MovingNames} as JSON. */
export type LookProcessArguments = [url: string, names: string];

/** Keeps every change: what is counted must not be trimmed. */
const RETENTION = { most: 1_000_000, keepMs: 1e15 };

const [url = '', text = '{}'] = process.argv.slice(2);
const world = JSON.parse(text) as MovingNames;
const redis = new Redis(url);
const watch = new HistoryWatch(new RedisHistoryStore(redis, RETENTION));

async function goOn(name: number): Promise<void> {
  const known = await watch.known(lookAt(world, name, 0));
  // The latest look is repeated, as a job is that was killed before it could say that it was done.
  const from = known === undefined ? 0 : dayOfLook(known.lookedAt);
  for (let day = from; day < world.days; day += 1) {
    await watch.apply(lookAt(world, name, day));
  }
}

const names = Array.from({ length: world.names }, (_, index) => index);
process.stdout.write('started\n');
await Promise.all(names.sort(() => Math.random() - 0.5).map(goOn));
await redis.quit();
