/** A process that works on watchlists until it is killed: `<redis url> add|work <list id> <count>`. */
import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';

import { DEFAULT_LIMITS, DEFAULT_TUNING, openWatch } from '#watch';

const [url = '', task = '', listId = '', count = '0'] = process.argv.slice(2);
const redis = new Redis(url);
const watch = openWatch({
  redis,
  clock: Date.now,
  newId: () => randomBytes(12).toString('base64url'),
  limits: DEFAULT_LIMITS,
  tuning: { ...DEFAULT_TUNING, firstFetchGapMs: 0, leaseMs: 500 },
});
await redis.ping();
process.stdout.write('ready\n');

if (task === 'add') {
  const wishes = Array.from({ length: Number(count) }, (_, index) => ({
    observable: { type: 'domain', value: `host${index}.example.com` } as const,
  }));
  await watch.members.add(listId, wishes, 'test');
} else {
  for (;;) {
    for (const { observable } of await watch.schedule.claimDue(Date.now(), 10)) {
      // What a refresh does to the world, so that it can be told how often it was done.
      await redis.hincrby('refreshed', observable.value, 1);
      await watch.schedule.settle(observable, { outcome: 'ok', at: Date.now() });
    }
    await watch.schedule.requeueExpiredLeases(Date.now());
  }
}
await redis.quit();
