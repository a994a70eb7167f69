import { afterAll, beforeAll } from '@jest/globals';

import { BreakerStore, RedisFlightBoard, RedisStore } from '#cache';
import { RedisPacer, RedisQuotaCircuit } from '#governor';
import { closeRedis, connectRedis, requestPathRedis } from '#platform';
import type { RedisClient } from '#platform';

import { cacheStoreContract } from '../contract/cache-store.contract.js';
import { flightBoardContract } from '../contract/flight-board.contract.js';
import { pacerContract } from '../contract/pacer.contract.js';
import { quotaCircuitContract } from '../contract/quota-circuit.contract.js';
import { ageRedis } from '../support/age-redis.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';

let server: RedisServer;
let redis: RedisClient;

beforeAll(async () => {
  server = await startRedis();
  redis = requestPathRedis(server.url);
  await connectRedis(redis);
});

afterAll(async () => {
  await closeRedis(redis);
  await server.stop();
});

async function empty(): Promise<RedisClient> {
  await redis.flushall();
  return redis;
}

const elapse = (ms: number): Promise<void> => ageRedis(redis, ms);

cacheStoreContract(async () => ({ store: new RedisStore(await empty()), elapse }));

cacheStoreContract(async () => ({
  store: new BreakerStore(new RedisStore(await empty()), { failures: 5, retryAfterMs: 1_000 }),
  elapse,
}));

flightBoardContract(async () => ({ board: new RedisFlightBoard(await empty()), elapse }));

quotaCircuitContract(async () => {
  let now = 1_750_000_000_000;
  return {
    circuit: new RedisQuotaCircuit(await empty(), () => now),
    now: () => now,
    elapse: async (ms) => {
      now += ms;
      await elapse(ms);
    },
  };
});

pacerContract(
  async (perSecond) => {
    const pacer = new RedisPacer({ redis: await empty(), perSecond, processes: 1 });
    let aged = 0;
    return {
      pacer,
      now: async () => {
        const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
        return aged + seconds * 1_000 + micros / 1_000;
      },
      elapse: async (ms) => {
        aged += ms;
        await elapse(ms);
      },
    };
  },
  { runs: 12 },
);
