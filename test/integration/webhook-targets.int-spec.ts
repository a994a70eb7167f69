import type { LookupAddress } from 'node:dns';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import { selfSigned } from '../support/self-signed.js';
import { answerWith, startReceiver, verified } from '../support/webhook-receiver.js';
import type { WebhookReceiver } from '../support/webhook-receiver.js';
import { must, newWebhook, TENANT, webhookWorld } from '../support/webhook-world.js';
import type { WebhookWorld } from '../support/webhook-world.js';
import type { Delivery, WebhooksOptions } from '#webhooks';

const LOCAL: LookupAddress = { address: '127.0.0.1', family: 4 };
const PUBLIC: LookupAddress = { address: '8.8.8.8', family: 4 };
let server: RedisServer;
let receiver: WebhookReceiver;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await startRedis();
});

beforeEach(async () => {
  receiver = await startReceiver();
  cleanups.push(() => receiver.close());
});

afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((clean) => clean()));
});

afterAll(async () => {
  await server.stop();
});

async function open(options: Partial<WebhooksOptions> = {}): Promise<WebhookWorld> {
  const world = webhookWorld(server.url, options);
  cleanups.push(() => world.end());
  await world.redis.flushall();
  return world;
}

/** How a test message to this URL went at its first attempt. */
async function attempt(world: WebhookWorld, url: string, sender = world): Promise<Delivery> {
  const { id: webhookId } = await newWebhook(world, url);
  const { id } = must(await world.deliveries.test(webhookId, TENANT));
  sender.now = world.now;
  await sender.sender.perform(id);
  const [delivery] = await world.deliveries.find([id]);
  if (delivery === undefined) {
    throw new Error('there is no such delivery');
  }
  return delivery;
}

/** Names that have one address when a webhook is made, and others afterwards. */
function turning(...answers: LookupAddress[][]): WebhooksOptions['resolve'] {
  let asked = 0;
  return () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    return Promise.resolve(answer);
  };
}

describe('the way to a target', () => {
  it('is not gone when the name has turned to a private address since it was checked', async () => {
    const world = await open({ allowPrivate: false, resolve: turning([PUBLIC], [LOCAL]) });
    const delivery = await attempt(world, `https://hooks.example.com:${receiver.port}/`);
    expect(delivery).toMatchObject({ failure: 'forbidden_target', status: null, state: 'PENDING' });
    expect(receiver.connections).toBe(0);
  });

  it('is not gone when one of several addresses is private', async () => {
    const resolve = turning([PUBLIC], [LOCAL, PUBLIC]);
    const world = await open({ allowPrivate: false, resolve });
    const delivery = await attempt(world, `https://hooks.example.com:${receiver.port}/`);
    expect(delivery.failure).toBe('forbidden_target');
    expect(receiver.connections).toBe(0);
  });

  it.each(['127.0.0.1', '[::ffff:127.0.0.1]'])(
    'is not gone to %s when that was allowed once and is no longer',
    async (host) => {
      const world = await open();
      const strict = webhookWorld(server.url, { allowPrivate: false });
      cleanups.push(() => strict.end());
      const delivery = await attempt(world, `http://${host}:${receiver.port}/`, strict);
      expect(delivery.failure).toBe('forbidden_target');
      expect(receiver.connections).toBe(0);
    },
  );

  it('is gone to a private address when that is allowed, but to no metadata service', async () => {
    const metadata = { address: '169.254.169.254', family: 4 };
    const world = await open({ resolve: turning([LOCAL], [LOCAL], [LOCAL], [metadata]) });
    const url = `http://hooks.example.com:${receiver.port}/`;
    await expect(attempt(world, `${url}a`)).resolves.toMatchObject({ state: 'DELIVERED' });
    expect(receiver.received[0]?.headers.host).toBe(`hooks.example.com:${receiver.port}`);
    const delivery = await attempt(world, `http://other.example.com:${receiver.port}/b`);
    expect(delivery.failure).toBe('forbidden_target');
  });

  it('leads no further than the target: a redirect is a failure', async () => {
    const world = await open();
    const elsewhere = await startReceiver();
    cleanups.push(() => elsewhere.close());
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.answer = answerWith(status, '', { location: elsewhere.url });
      const delivery = await attempt(world, `${receiver.url}/${status}`);
      expect(delivery).toMatchObject({ failure: 'redirect', status });
    }
    expect(elsewhere.connections).toBe(0);
  });

  it('is encrypted, to whom the certificate says', async () => {
    const tls = selfSigned();
    const secure = await startReceiver(tls);
    cleanups.push(() => secure.close());
    const trusting = await open({ ca: tls.cert });
    const { id: webhookId, secret } = await newWebhook(trusting, secure.url);
    const { id } = must(await trusting.deliveries.test(webhookId, TENANT));
    await expect(trusting.sender.perform(id)).resolves.toEqual({ outcome: 'delivered' });
    const [received] = secure.received;
    expect(received && verified(received, secret)).toMatchObject({ type: 'webhook.test' });
    const other = secure.url.replace('localhost', 'hooks.example.com');
    await expect(attempt(trusting, other)).resolves.toMatchObject({ failure: 'tls' });
    const doubting = await open();
    await expect(attempt(doubting, secure.url)).resolves.toMatchObject({ failure: 'tls' });
    expect(secure.received).toHaveLength(1);
  });
});

describe('the time for an exchange', () => {
  it('ends while nothing is answered', async () => {
    const world = await open({ timeoutMs: 100 });
    receiver.answer = () => undefined;
    await expect(attempt(world, receiver.url)).resolves.toMatchObject({ failure: 'timeout' });
  });

  it('ends while an answer drips', async () => {
    const world = await open({ timeoutMs: 150 });
    receiver.answer = (response) => {
      response.writeHead(500);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => {
        clearInterval(drip);
      });
    };
    const delivery = await attempt(world, receiver.url);
    expect(delivery).toMatchObject({ failure: 'timeout', error: 'no whole answer in time' });
  });

  it('ends while a name is looked up', async () => {
    const never = new Promise<LookupAddress[]>(() => undefined);
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return asked === 1 ? Promise.resolve([LOCAL]) : never;
    };
    const world = await open({ timeoutMs: 100, resolve });
    const delivery = await attempt(world, `http://hooks.example.com:${receiver.port}/`);
    expect(delivery.failure).toBe('timeout');
  });
});

describe('an answer', () => {
  it('is read to its first KiB, and kept as a short clean line', async () => {
    const world = await open();
    const closed = Promise.withResolvers<undefined>();
    receiver.answer = (response) => {
      response.writeHead(500);
      const flood = () => {
        while (response.write('\u001b[31mno\n'.repeat(10_000))) {
          // Until it must wait.
        }
      };
      response.on('drain', flood).on('close', () => {
        closed.resolve(undefined);
      });
      flood();
    };
    const delivery = await attempt(world, receiver.url);
    await closed.promise;
    expect(delivery).toMatchObject({ failure: 'status', status: 500 });
    expect(delivery.error?.length).toBeLessThan(220);
    expect(delivery.error).not.toMatch(/\p{Cc}/u);
  });

  it('is nothing that breaks off, but a status counts', async () => {
    const world = await open();
    receiver.answer = (response) => {
      response.socket?.destroy();
    };
    await expect(attempt(world, receiver.url)).resolves.toMatchObject({ failure: 'network' });
    receiver.answer = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('ok', () => {
        response.socket?.destroy();
      });
    };
    const taken = await attempt(world, `${receiver.url}/2`);
    expect(taken).toMatchObject({ state: 'DELIVERED', status: 200 });
  });

  it('is none from what is no HTTP, or from nobody', async () => {
    const world = await open();
    const odd = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume().end('220 smtp.example.com ESMTP\r\n');
    }).listen(0, '127.0.0.1');
    await once(odd, 'listening');
    const { port } = odd.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    await expect(attempt(world, url)).resolves.toMatchObject({ failure: 'network', status: null });
    odd.close();
    await once(odd, 'close');
    await expect(attempt(world, `${url}2`)).resolves.toMatchObject({ failure: 'network' });
  });
});
