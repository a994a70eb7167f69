import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { dumpRedis } from '../support/redis-dump.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import { answerWith, startReceiver, verified } from '../support/webhook-receiver.js';
import type { WebhookReceiver } from '../support/webhook-receiver.js';
import {
  event,
  faultsOf,
  LIST,
  must,
  newWebhook,
  TENANT,
  webhookWorld,
} from '../support/webhook-world.js';
import type { WebhookWorld } from '../support/webhook-world.js';
import { BullmqWebhookEnqueuer } from '#jobs';
import { DEFAULT_LIMITS, deliveryCursor, LEASE_MS, ROTATION_MS } from '#webhooks';
import type { Delivery, WebhooksOptions } from '#webhooks';

const ACTOR = 'admin@example.com';
let server: RedisServer;
let receiver: WebhookReceiver;
let world: WebhookWorld;
const worlds: WebhookWorld[] = [];

beforeAll(async () => {
  server = await startRedis();
});

beforeEach(async () => {
  receiver = await startReceiver();
  world = open();
  await world.redis.flushall();
});

afterEach(async () => {
  await receiver.close();
  await Promise.all(worlds.splice(0).map((opened) => opened.end()));
});

afterAll(async () => {
  await server.stop();
});

function open(options: Partial<WebhooksOptions> = {}): WebhookWorld {
  const opened = webhookWorld(server.url, options);
  worlds.push(opened);
  return opened;
}

/** Announces changes to the only webhook, and gives the delivery's id. */
async function announced(...ids: string[]): Promise<string> {
  const [id] = await world.announcer.announce(event(ids));
  return id ?? 'none';
}

async function deliveryOf(id: string): Promise<Delivery> {
  const [delivery] = await world.deliveries.find([id]);
  if (delivery === undefined) {
    throw new Error('there is no such delivery');
  }
  return delivery;
}

describe('telling of changes', () => {
  it('posts one signed message for the changes of one refresh', async () => {
    const { id: webhookId, secret } = await newWebhook(world, receiver.url);
    const id = await announced('1', '2');
    await expect(world.sender.perform(id)).resolves.toEqual({ outcome: 'delivered' });
    const [received] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(received && verified(received, secret)).toMatchObject({
      type: 'watchlist.observable.changed',
      data: {
        link: 'https://ui.example.com/domain/example.com',
        changes: [{ id: 'ch_1' }, { id: 'ch_2' }],
        watchlists: [{ id: 'wl_1', name: 'Crown jewels' }],
      },
    });
    expect(received?.headers).toMatchObject({
      'webhook-id': id,
      'content-type': 'application/json',
    });
    await expect(deliveryOf(id)).resolves.toMatchObject({
      state: 'DELIVERED',
      status: 204,
      attempt: 1,
    });
    await expect(world.service.statuses([webhookId])).resolves.toEqual([
      { lastDeliveryAt: world.now, lastStatus: 204, consecutiveFailures: 0 },
    ]);
    await expect(world.sender.perform(id)).resolves.toEqual({ outcome: 'nothing' });
  });

  it('tells each change once, whoever announces it, how often, and with what others', async () => {
    await newWebhook(world, receiver.url);
    const others = [world, open(), open()];
    const calls = others.flatMap(({ announcer }) => [
      announcer.announce(event(['1', '2'])),
      announcer.announce(event(['2', '1'])),
      announcer.announce(event(['2', '3'])),
    ]);
    const ids = (await Promise.all(calls)).flat();
    await Promise.all(ids.flatMap((id) => others.map(({ sender }) => sender.perform(id))));
    const told = receiver.received.flatMap(({ body }) => {
      const { data } = JSON.parse(body) as { data: { changes: { id: string }[] } };
      return data.changes.map(({ id }) => id);
    });
    expect(told.toSorted()).toEqual(['ch_1', 'ch_2', 'ch_3']);
    await expect(world.announcer.announce(event(['1', '2', '3']))).resolves.toEqual([]);
  });

  it('tells webhooks of their own lists only, and nobody of a muted one', async () => {
    const all = await newWebhook(world, receiver.url);
    const own = await newWebhook(world, `${receiver.url}/2`, { watchlistIds: ['wl_2'] });
    const muted = { ...LIST, muted: true };
    await expect(world.announcer.announce(event(['1'], { watchlists: [muted] }))).resolves.toEqual(
      [],
    );
    await world.announcer.announce(event(['1'], { watchlists: [LIST] }));
    await world.announcer.announce(event(['2'], { watchlists: [muted, { ...LIST, id: 'wl_2' }] }));
    await expect(world.deliveries.count(all.id)).resolves.toBe(2);
    await expect(world.deliveries.count(own.id)).resolves.toBe(1);
  });

  it('has one sender at a time', async () => {
    await newWebhook(world, receiver.url);
    const id = await announced('1');
    const senders = [world, open(), open(), open()];
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => senders[index % 4] ?? world).map(({ sender }) =>
        sender.perform(id),
      ),
    );
    expect(receiver.received).toHaveLength(1);
    expect(outcomes.filter((performed) => performed.outcome === 'delivered')).toHaveLength(1);
  });

  it('sends again under the same id what was lost with its sender', async () => {
    const { secret } = await newWebhook(world, receiver.url);
    const id = await announced('1');
    const held = Promise.withResolvers<() => void>();
    receiver.answer = (response) => {
      held.resolve(() => response.writeHead(204).end());
    };
    const lost = open({ clock: () => world.now }).sender.perform(id);
    const release = await held.promise;
    receiver.answer = answerWith(204);
    await expect(world.sender.perform(id)).resolves.toMatchObject({ outcome: 'waiting' });
    world.now += LEASE_MS + 1;
    await expect(world.deliveries.due(10)).resolves.toMatchObject([{ id, tenant: TENANT }]);
    await expect(world.sender.perform(id)).resolves.toEqual({ outcome: 'delivered' });
    release();
    await expect(lost).resolves.toEqual({ outcome: 'nothing' });
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(receiver.received.map((received) => verified(received, secret))).toHaveLength(2);
    await expect(deliveryOf(id)).resolves.toMatchObject({ attempt: 1, state: 'DELIVERED' });
  });

  it('tries again when its time has come, and counts failures until one succeeds', async () => {
    const { id: webhookId } = await newWebhook(world, receiver.url);
    receiver.answer = answerWith(503, 'busy <b>\n', { 'retry-after': '60' });
    const id = await announced('1');
    await expect(world.sender.perform(id)).resolves.toEqual({
      outcome: 'failed',
      retryAt: world.now + 60_000,
    });
    await expect(world.sender.perform(id)).resolves.toMatchObject({ outcome: 'waiting' });
    await expect(world.deliveries.due(10)).resolves.toEqual([]);
    world.now += 60_000;
    await world.sender.perform(id);
    await expect(deliveryOf(id)).resolves.toMatchObject({ attempt: 2, error: 'refused: busy <b>' });
    const failing = { lastStatus: 503, consecutiveFailures: 2 };
    await expect(world.service.statuses([webhookId])).resolves.toMatchObject([failing]);
    receiver.answer = answerWith(200, 'ok');
    world.now += 60_000;
    await expect(world.sender.perform(id)).resolves.toEqual({ outcome: 'delivered' });
    const healed = { lastStatus: 200, consecutiveFailures: 0 };
    await expect(world.service.statuses([webhookId])).resolves.toMatchObject([healed]);
  });

  it('disables a webhook whose receiver is gone, and drops what waits for it', async () => {
    const { id: webhookId } = await newWebhook(world, receiver.url);
    receiver.answer = answerWith(410);
    const [first, second] = [await announced('1'), await announced('2')];
    await expect(world.sender.perform(first)).resolves.toEqual({
      outcome: 'failed',
      retryAt: null,
    });
    await expect(world.service.find(webhookId)).resolves.toMatchObject({
      enabled: false,
      disabledFor: 'gone',
    });
    await expect(world.sender.perform(second)).resolves.toEqual({ outcome: 'nothing' });
    await expect(deliveryOf(second)).resolves.toMatchObject({
      state: 'FAILED',
      failure: 'disabled',
    });
    await expect(world.announcer.announce(event(['3']))).resolves.toEqual([]);
    expect(faultsOf(await world.deliveries.redeliver([first]))).toEqual(['CONFLICT deliveryIds.0']);
    expect(faultsOf(await world.deliveries.test(webhookId, TENANT))).toEqual(['CONFLICT id']);
    expect(receiver.received).toHaveLength(1);
    const enabled = must(await world.service.update(webhookId, { enabled: true }));
    expect(enabled.webhook).toMatchObject({ enabled: true, disabledFor: null });
    receiver.answer = answerWith(204);
    must(await world.deliveries.redeliver([first, second]));
    await expect(world.sender.perform(second)).resolves.toEqual({ outcome: 'delivered' });
  });

  it('delivers again what is asked for, as the same message', async () => {
    await newWebhook(world, receiver.url);
    const id = await announced('1');
    await world.sender.perform(id);
    expect(faultsOf(await world.deliveries.redeliver([id, 'msg_x']))).toEqual([
      'NOT_FOUND deliveryIds.1',
    ]);
    await expect(world.sender.perform(id)).resolves.toEqual({ outcome: 'nothing' });
    const again = must(await world.deliveries.redeliver([id, id]));
    expect(again).toMatchObject([{ id, state: 'PENDING' }]);
    await world.sender.perform(id);
    const [one, other] = receiver.received;
    expect(other?.body).toBe(one?.body);
    expect(other?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
    await expect(deliveryOf(id)).resolves.toMatchObject({ attempt: 2 });
  });

  it('refuses to deliver more than a hundred again at once', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => `msg_${index}`);
    expect(faultsOf(await world.deliveries.redeliver(ids))).toEqual(['TOO_MANY deliveryIds']);
  });

  it('signs a test like anything else', async () => {
    const { id: webhookId, secret } = await newWebhook(world, receiver.url);
    const { id } = must(await world.deliveries.test(webhookId, TENANT));
    await expect(world.sender.perform(id)).resolves.toEqual({ outcome: 'delivered' });
    const [received] = receiver.received;
    expect(received && verified(received, secret)).toMatchObject({ type: 'webhook.test' });
  });

  it.each(['SLACK', 'WEBEX', 'TEAMS'] as const)('posts a text to %s', async (format) => {
    await newWebhook(world, receiver.url, { format });
    await world.sender.perform(await announced('1'));
    expect(receiver.received[0]?.body).toContain('192[.]0[.]2[.]1');
    expect(receiver.received[0]?.body).not.toContain('192.0.2.1');
  });
});

describe('webhooks', () => {
  it('signs with both secrets for 24 hours after a rotation', async () => {
    const { id: webhookId, secret } = await newWebhook(world, receiver.url);
    const { signingSecret } = must(await world.service.update(webhookId, { rotateSecret: true }));
    await world.sender.perform(await announced('1'));
    const [both] = receiver.received;
    expect(both && verified(both, secret)).toBeDefined();
    expect(both && verified(both, signingSecret ?? '')).toBeDefined();
    world.now += ROTATION_MS;
    await world.sender.perform(await announced('2'));
    expect(String(receiver.received[1]?.headers['webhook-signature'])).toMatch(/^v1,[^ ]+$/);
  });

  it('tells a secret once', async () => {
    const { id } = await newWebhook(world, receiver.url);
    const renamed = must(await world.service.update(id, { name: 'renamed' }));
    expect(renamed.signingSecret).toBeNull();
    expect(JSON.stringify([renamed, await world.service.list()])).not.toMatch(/whsec_|sealed/);
  });

  it('refuses what cannot be a webhook, and writes nothing of it', async () => {
    const strict = open({ allowPrivate: false });
    const bad = { name: '', url: 'https://user:CANARY@10.0.0.1/' };
    const outcome = await strict.service.create(bad, ACTOR);
    expect(faultsOf(outcome)).toEqual(['INVALID name', 'INVALID url']);
    expect(JSON.stringify(outcome)).not.toContain('CANARY');
    const inner = await strict.service.create({ name: 'x', url: 'https://10.0.0.1/' }, ACTOR);
    expect(faultsOf(inner)).toEqual(['FORBIDDEN_TARGET url']);
    await expect(world.redis.dbsize()).resolves.toBe(0);
  });

  it('gives a name to one webhook only, whoever is first', async () => {
    const draft = { name: 'SOC', url: receiver.url };
    const made = await Promise.all(
      [world, open(), world, open()].map(({ service }) => service.create(draft, ACTOR)),
    );
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
    const other = await newWebhook(world, `${receiver.url}/2`);
    expect(faultsOf(await world.service.update(other.id, { name: 'ｓｏｃ' }))).toEqual([
      'CONFLICT name',
    ]);
    must(await world.service.update(other.id, { name: 'Other' }));
    must(await world.service.create({ name: `to ${receiver.url}/2`, url: receiver.url }, ACTOR));
  });

  it('has a limit', async () => {
    const small = open({ limits: { ...DEFAULT_LIMITS, webhooks: 1 } });
    await newWebhook(small, receiver.url);
    expect(faultsOf(await small.service.create({ name: 'x', url: receiver.url }, ACTOR))).toEqual([
      'TOO_MANY ',
    ]);
  });

  it('loses no change of many at once', async () => {
    const { id } = await newWebhook(world, receiver.url);
    await Promise.all([
      world.service.update(id, { name: 'renamed' }),
      open().service.update(id, { watchlistIds: ['wl_7'] }),
      open().service.update(id, { rotateSecret: true }),
    ]);
    await expect(world.service.find(id)).resolves.toMatchObject({
      name: 'renamed',
      watchlistIds: ['wl_7'],
    });
  });

  it('leaves nothing behind when it is deleted', async () => {
    const { id } = await newWebhook(world, receiver.url);
    await world.sender.perform(await announced('1'));
    const waiting = await announced('2');
    must(await world.service.delete(id));
    await expect(world.redis.keys('*')).resolves.toEqual([]);
    await expect(world.sender.perform(waiting)).resolves.toEqual({ outcome: 'nothing' });
    expect(faultsOf(await world.service.delete(id))).toEqual(['NOT_FOUND id']);
    expect(faultsOf(await world.service.update(id, { name: 'x' }))).toEqual(['NOT_FOUND id']);
  });
});

describe('the delivery log', () => {
  it('is paged newest first, and a cursor stays valid while others come and go', async () => {
    const { id } = await newWebhook(world, receiver.url);
    const ids: string[] = [];
    for (const change of ['1', '2', '3', '4']) {
      world.now += 1;
      ids.push(await announced(change));
    }
    const first = await world.deliveries.page(id, { first: 2 });
    expect(first.items.map((delivery) => delivery.id)).toEqual([ids[3], ids[2]]);
    world.now += 1;
    await announced('5');
    const second = await world.deliveries.page(id, { first: 2, after: first.nextCursor ?? '' });
    expect(second.items.map((delivery) => delivery.id)).toEqual([ids[1], ids[0]]);
    expect(second.nextCursor).toBeNull();
    const [newest] = first.items;
    const after = newest && deliveryCursor(newest);
    const next = await world.deliveries.page(id, { first: 1, after: after ?? '' });
    expect(next.items[0]?.id).toBe(ids[2]);
    await expect(world.deliveries.page(id, { first: 1, after: 'x' })).rejects.toMatchObject({
      code: 'bad_cursor',
    });
  });

  it('keeps so many and so long', async () => {
    const day = 86_400_000;
    world = open({ limits: { ...DEFAULT_LIMITS, deliveries: 3, keepMs: 30 * day } });
    const { id } = await newWebhook(world, receiver.url);
    for (const change of ['1', '2', '3', '4', '5']) {
      world.now += day;
      await announced(change);
    }
    await expect(world.deliveries.count(id)).resolves.toBe(3);
    expect((await world.redis.keys('{st}:h:d:*')).length).toBe(3);
    await expect(world.redis.zcard('{st}:h:due')).resolves.toBe(3);
    world.now += 30 * day;
    await announced('6');
    await expect(world.deliveries.count(id)).resolves.toBe(2);
  });
});

describe('secrets', () => {
  it('are in no key, value, job, log of deliveries, or error', async () => {
    const token = 'CANARY-token-0123456789';
    const url = `${receiver.url}/${token}?sig=${token}`;
    const draft = { name: 'Chat', format: 'SLACK' } as const;
    const { id: webhookId, secret } = await newWebhook(world, url, draft);
    const rotatedTo = must(await world.service.update(webhookId, { rotateSecret: true }));
    receiver.answer = (response, request) =>
      response.writeHead(500).end(`cannot POST ${request.url ?? ''}`);
    const id = await announced('1');
    await world.sender.perform(id);
    const jobs = new BullmqWebhookEnqueuer(world.redis, Date.now, () => undefined);
    await jobs.enqueue([{ job: { tenant: TENANT, deliveryId: id }, at: 0 }]);
    await jobs.close();
    const shown = await Promise.all([
      dumpRedis(server.url),
      world.service.find(webhookId),
      world.deliveries.page(webhookId, { first: 10 }),
    ]);
    const everything = JSON.stringify(shown);
    expect(everything).toContain('cannot POST');
    expect(receiver.received[0]?.path).toContain(token);
    for (const canary of [token, secret.slice(6), rotatedTo.signingSecret?.slice(6) ?? 'none']) {
      expect(everything).not.toContain(canary);
      expect(everything).not.toContain(Buffer.from(canary).toString('base64url').slice(2, -4));
    }
    const other = open({ secret: 'another' });
    other.now += 10_000;
    await expect(other.sender.perform(id)).rejects.toMatchObject({ code: 'unsealable' });
    await expect(deliveryOf(id)).resolves.toMatchObject({ attempt: 1, lease: null });
  });
});

describe('jobs for deliveries', () => {
  it('is one while the same attempt waits, and holds tenant and delivery only', async () => {
    const jobs = new BullmqWebhookEnqueuer(world.redis, Date.now, () => undefined);
    const due = { job: { tenant: TENANT, deliveryId: 'msg_1' }, at: 0 };
    await jobs.enqueue([due, due]);
    await jobs.enqueue([due, { ...due, at: Date.now() + 60_000 }]);
    await jobs.close();
    await expect(world.redis.llen('{st}:webhook:wait')).resolves.toBe(1);
    await expect(world.redis.zcard('{st}:webhook:delayed')).resolves.toBe(1);
    const [id] = await world.redis.lrange('{st}:webhook:wait', 0, -1);
    const data = await world.redis.hget(`{st}:webhook:${id ?? ''}`, 'data');
    expect(JSON.parse(data ?? '')).toEqual({ tenant: TENANT, deliveryId: 'msg_1' });
  });
});
