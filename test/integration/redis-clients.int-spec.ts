import { afterEach, describe, expect, it } from '@jest/globals';
import { Queue, Worker } from 'bullmq';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import {
  closeRedis,
  connectRedis,
  requestPathRedis,
  subscriberRedis,
  workerRedis,
  type RedisClient,
} from '#platform';
import { startRedis, startSentinel, type RedisServer } from '../support/redis-server.js';

type Opener = typeof requestPathRedis;

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp();
  }
});

async function redis(...args: string[]): Promise<RedisServer> {
  const server = await startRedis({ args });
  cleanUps.push(() => server.stop());
  return server;
}

function open(opener: Opener, url: string) {
  const changes: string[] = [];
  const errors: Error[] = [];
  const client = opener(url, {
    onReady: () => void changes.push('up'),
    onError: (error) => {
      changes.push('down');
      errors.push(error);
    },
  });
  cleanUps.push(() => closeRedis(client, 100));
  return { client, changes, errors };
}

/** Unlike `once` of Node, not ended by an `error` event, which is what comes before most others here. */
async function event(client: RedisClient, name: string): Promise<void> {
  await new Promise<void>((resolve) =>
    client.once(name, () => {
      resolve();
    }),
  );
}

async function failure(command: Promise<unknown>): Promise<{ error: Error; ms: number }> {
  const begun = performance.now();
  const error = await command.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason as Error,
  );
  return { error, ms: performance.now() - begun };
}

/** Repeats the command until it succeeds; the client's own limits keep this from spinning. */
async function eventually<T>(command: () => Promise<T>, withinMs = 10_000): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await command();
    } catch (error) {
      if (performance.now() > until) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

describe('the request path profile', () => {
  it('answers once it is connected', async () => {
    const { client, changes } = open(requestPathRedis, (await redis()).url);
    await expect(connectRedis(client)).resolves.toBe(true);
    await client.set('key', 'value');
    await expect(client.get('key')).resolves.toBe('value');
    await expect(client.hset('map', { a: '1' })).resolves.toBe(1);
    await expect(client.hgetall('map')).resolves.toEqual({ a: '1' });
    expect(changes).toEqual(['up']);
  });

  it('selects the database of the URL', async () => {
    const server = await redis();
    const { client } = open(requestPathRedis, `${server.url}/3`);
    await connectRedis(client);
    await client.set('key', 'value');
    const { client: other } = open(requestPathRedis, server.url);
    await connectRedis(other);
    await expect(other.get('key')).resolves.toBeNull();
  });

  it('does not keep a process from starting while Redis is down, and fails commands at once', async () => {
    const server = await redis();
    await server.kill();
    const { client, changes } = open(requestPathRedis, server.url);
    await expect(connectRedis(client, 300)).resolves.toBe(false);
    const { error, ms } = await failure(client.get('key'));
    expect(error.message).toContain('enableOfflineQueue');
    expect(ms).toBeLessThan(150);
    expect(changes).toEqual(['down']);
    await server.restart();
    await expect(eventually(() => client.set('key', 'v'))).resolves.toBe('OK');
    expect(changes).toEqual(['down', 'up']);
  });

  it('fails a command within the limit while Redis is frozen, and recovers when it is thawed', async () => {
    const server = await redis();
    const { client, changes } = open(requestPathRedis, server.url);
    await connectRedis(client);
    server.freeze();
    const { error, ms } = await failure(client.get('key'));
    expect(error.message).toBe('Command timed out');
    expect(ms).toBeGreaterThan(140);
    expect(ms).toBeLessThan(300);
    server.thaw();
    const begun = performance.now();
    await eventually(() => client.get('key'));
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(changes).toEqual(['up']);
  });

  it('does not give up an answer that came while this process was busy', async () => {
    const server = await redis();
    const { client } = open(requestPathRedis, server.url);
    await connectRedis(client);
    await client.set('key', 'value');
    const answer = client.get('key');
    const begun = performance.now();
    while (performance.now() - begun < 400) {
      // The event loop stands still, well past the limit.
    }
    await expect(answer).resolves.toBe('value');
  });

  it('drops a connection that has owed an answer for two seconds, and says so once', async () => {
    const server = await redis();
    const { client, changes } = open(requestPathRedis, server.url);
    await connectRedis(client);
    server.freeze();
    const closed = event(client, 'close');
    await failure(client.get('key'));
    await closed;
    const { ms } = await failure(client.get('key'));
    expect(ms).toBeLessThan(100);
    await event(client, 'close');
    expect(changes).toEqual(['up', 'down']);
    server.thaw();
    const begun = performance.now();
    await eventually(() => client.get('key'));
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(changes).toEqual(['up', 'down', 'up']);
  }, 20_000);

  it('fails what was under way when Redis dies instead of sending it again', async () => {
    const server = await redis();
    const { client } = open(requestPathRedis, server.url);
    await connectRedis(client);
    server.freeze();
    const pending = failure(client.incr('counter'));
    await server.kill();
    expect((await pending).error.message).not.toBe('it succeeded');
    await server.restart();
    await expect(eventually(() => client.get('counter'))).resolves.toBeNull();
  });

  it('reconnects after READONLY, as after a fail-over', async () => {
    const server = await redis();
    const { client } = open(requestPathRedis, server.url);
    await connectRedis(client);
    await client.call('REPLICAOF', '127.0.0.1', '1');
    const closed = event(client, 'close');
    expect((await failure(client.set('key', 'v'))).error.message).toContain('READONLY');
    await closed;
    await eventually(() => client.call('REPLICAOF', 'NO', 'ONE'));
    await expect(client.set('key', 'v')).resolves.toBe('OK');
  });

  it('logs in, and reports a wrong password without showing it', async () => {
    const server = await redis('--requirepass', 'right-pass@word');
    const { client } = open(requestPathRedis, server.url.replace('//', '//:right-pass%40word@'));
    await expect(connectRedis(client)).resolves.toBe(true);
    const wrong = open(requestPathRedis, server.url.replace('//', '//default:wrong-password@'));
    await expect(connectRedis(wrong.client, 500)).resolves.toBe(false);
    expect(wrong.changes).toEqual(['down']);
    expect(wrong.errors[0]?.message).toContain('WRONGPASS');
    expect(
      JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(wrong.errors[0]))),
    ).not.toContain('wrong-password');
  });

  it('finds the master through a sentinel', async () => {
    const master = await redis();
    const sentinel = await startSentinel(master);
    cleanUps.push(() => sentinel.stop());
    const url = `redis+sentinel://127.0.0.1:${sentinel.port}/main/2`;
    const { client } = open(requestPathRedis, url);
    await expect(connectRedis(client)).resolves.toBe(true);
    await client.set('key', 'value');
    const { client: direct } = open(requestPathRedis, `${master.url}/2`);
    await connectRedis(direct);
    await expect(direct.get('key')).resolves.toBe('value');
  });

  it('speaks to a cluster, and fails within the limit when its node is frozen', async () => {
    const node = await redis('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1');
    const { client: admin } = open(workerRedis, node.url);
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually(() => admin.set('ready', '1'));
    const url = `redis+cluster://127.0.0.1:${node.port}`;
    const { client } = open(requestPathRedis, url);
    await expect(connectRedis(client)).resolves.toBe(true);
    await client.set('key', 'value');
    await expect(client.get('key')).resolves.toBe('value');
    node.freeze();
    expect((await failure(client.get('key'))).ms).toBeLessThan(400);
  });

  it('refuses a URL it cannot read without repeating it', () => {
    const openIt = () => requestPathRedis('http://:hidden-word@example.com');
    expect(openIt).toThrow(TypeError);
    expect(openIt).not.toThrow(/hidden-word/);
  });
});

describe('the worker profile', () => {
  it('lets commands wait until Redis is there', async () => {
    const server = await redis();
    await server.kill();
    const { client, changes } = open(workerRedis, server.url);
    const waiting = client.set('key', 'value');
    await event(client, 'error');
    await event(client, 'reconnecting');
    await server.restart();
    await expect(waiting).resolves.toBe('OK');
    expect(changes).toEqual(['down', 'up']);
  });

  it('sends a write again that met READONLY, once the server is a master', async () => {
    const server = await redis();
    const { client } = open(workerRedis, server.url);
    const { client: admin } = open(workerRedis, server.url);
    await admin.call('REPLICAOF', '127.0.0.1', '1');
    const closed = event(client, 'close');
    const write = client.set('key', 'value');
    await closed;
    await admin.call('REPLICAOF', 'NO', 'ONE');
    await expect(write).resolves.toBe('OK');
  });

  it('runs a BullMQ job that the request path profile has added', async () => {
    const server = await redis();
    const producer = open(requestPathRedis, server.url);
    await connectRedis(producer.client);
    const prefix = '{test}';
    const queue = new Queue('jobs', { connection: producer.client, prefix });
    const done: unknown[] = [];
    const worker = new Worker('jobs', (job) => Promise.resolve(done.push(job.data)), {
      connection: open(workerRedis, server.url).client,
      prefix,
    });
    worker.on('error', () => undefined);
    const completed = once(worker, 'completed');
    await queue.add('job', { value: 'example.com' }, { removeOnComplete: true });
    await completed;
    expect(done).toEqual([{ value: 'example.com' }]);
    await worker.close();
    await queue.close();
  });
});

describe('the subscriber profile', () => {
  it('hears its channel again after Redis was restarted', async () => {
    const server = await redis();
    const { client, changes } = open(subscriberRedis, server.url);
    await client.subscribe('news');
    const publisher: RedisClient = open(workerRedis, server.url).client;
    const first = once(client, 'message');
    await publisher.publish('news', 'one');
    await expect(first).resolves.toEqual(['news', 'one']);
    await server.kill();
    await server.restart();
    const second = once(client, 'message');
    await eventually(async () => {
      if ((await publisher.publish('news', 'two')) === 0) {
        throw new Error('nobody listens yet');
      }
    });
    await expect(second).resolves.toEqual(['news', 'two']);
    expect(changes.at(0)).toBe('up');
    expect(changes.at(-1)).toBe('up');
  });
});

describe('the test server', () => {
  it('leaves no process behind when it is stopped, frozen or not', async () => {
    const server = await startRedis();
    server.freeze();
    await server.stop();
    await server.stop();
    const socket = createConnection(server.port, '127.0.0.1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
