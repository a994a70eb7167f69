import type { RedisClient } from './redis-clients.js';

/**
 * Starts connecting and waits a while, so that a process does not fail its first requests.
 *
 * @param waitMs how long to wait at most; the client goes on trying after that.
 * @returns whether it is ready now. Never rejects: a process boots with its Redis away.
 */
export async function connectRedis(client: RedisClient, waitMs = 2_000): Promise<boolean> {
  if (client.status === 'wait') {
    // Why it failed reaches the client's error listener.
    client.connect().catch(() => undefined);
  }
  if (client.status === 'ready') {
    return true;
  }
  return within(waitMs, (done) => {
    client.once('ready', done);
    return () => client.off('ready', done);
  });
}

/** Ends a connection: lets answers arrive for `graceMs` at most, then cuts it. Never rejects. */
export async function closeRedis(client: RedisClient, graceMs = 500): Promise<void> {
  if (client.status === 'ready') {
    await within(graceMs, (done) => {
      client.quit().then(done, done);
      return () => undefined;
    });
  }
  client.disconnect();
}

async function within(ms: number, start: (done: () => void) => () => void): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (inTime: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(inTime);
    };
    const timer = setTimeout(end, ms, false);
    const stop = start(() => {
      end(true);
    });
  });
}
