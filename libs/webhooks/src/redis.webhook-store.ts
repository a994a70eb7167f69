import type { Cluster, Redis } from 'ioredis';

import { idAt } from './page.js';
import { foldedName } from './plain-text.js';
import { commit } from './redis.commit.js';
import type { Command, Expectation } from './redis.commit.js';
import { deliveryKey, DUE, logKey, NAMES, statusKey, toldKey, WEBHOOKS } from './redis.keys.js';
import type { StoredWebhook, WebhookStatus } from './webhook.js';
import type { WebhookSaved, WebhookStatusReader, WebhookStore } from './webhook-store.port.js';

/** Webhooks in the durable Redis, one JSON each. */
export class RedisWebhookStore implements WebhookStore, WebhookStatusReader {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async all(): Promise<StoredWebhook[]> {
    const texts = await this.#redis.hvals(WEBHOOKS);
    return texts.map(decode).toSorted(byCreation);
  }

  async find(id: string): Promise<StoredWebhook | undefined> {
    const text = await this.#redis.hget(WEBHOOKS, id);
    return text === null ? undefined : decode(text);
  }

  async insert(webhook: StoredWebhook, limit: number): Promise<WebhookSaved> {
    const { id, name } = webhook;
    const expects: Expectation[] = [
      ['field', NAMES, foldedName(name), false],
      ['fewer', WEBHOOKS, limit],
      ['field', WEBHOOKS, id, false],
    ];
    const writes = [put(webhook), ['HSET', NAMES, foldedName(name), id]];
    return savedOf(await commit(this.#redis, expects, writes), ['taken', 'full', 'changed']);
  }

  async replace(before: StoredWebhook, after: StoredWebhook): Promise<WebhookSaved> {
    const { id } = before;
    const names = { before: foldedName(before.name), after: foldedName(after.name) };
    const expects: Expectation[] = [['field', WEBHOOKS, id, JSON.stringify(before)]];
    const writes: Command[] = [put(after)];
    if (names.before !== names.after) {
      expects.push(['field', NAMES, names.after, false]);
      writes.push(['HDEL', NAMES, names.before], ['HSET', NAMES, names.after, id]);
    }
    return savedOf(await commit(this.#redis, expects, writes), ['changed', 'taken']);
  }

  async remove(webhook: StoredWebhook): Promise<WebhookSaved> {
    const { id, name } = webhook;
    const places = await this.#redis.zrange(logKey(id), '0', '-1');
    const deliveries = places.map(idAt);
    const writes: Command[] = [
      ['HDEL', WEBHOOKS, id],
      ['HDEL', NAMES, foldedName(name)],
      ['DEL', statusKey(id), logKey(id), toldKey(id)],
      ...deliveries.flatMap((delivery): Command[] => [
        ['DEL', deliveryKey(delivery)],
        ['ZREM', DUE, delivery],
      ]),
    ];
    const expects: Expectation[] = [['field', WEBHOOKS, id, JSON.stringify(webhook)]];
    return savedOf(await commit(this.#redis, expects, writes), ['changed']);
  }

  async statuses(ids: readonly string[]): Promise<WebhookStatus[]> {
    return Promise.all(
      ids.map(async (id) => {
        const [at, status, failures] = await this.#redis.hmget(
          statusKey(id),
          'at',
          'status',
          'failures',
        );
        return {
          lastDeliveryAt: numberOr(at, null),
          lastStatus: numberOr(status, null),
          consecutiveFailures: numberOr(failures, 0),
        };
      }),
    );
  }
}

function put(webhook: StoredWebhook): Command {
  return ['HSET', WEBHOOKS, webhook.id, JSON.stringify(webhook)];
}

/** Reads what only this file writes. */
function decode(text: string): StoredWebhook {
  return JSON.parse(text) as StoredWebhook;
}

function byCreation(one: StoredWebhook, other: StoredWebhook): number {
  return one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1);
}

function savedOf(broken: number, words: readonly WebhookSaved[]): WebhookSaved {
  return broken < 0 ? 'saved' : (words[broken] ?? 'changed');
}

function numberOr<T>(text: string | null | undefined, other: T): number | T {
  return text === null || text === undefined || text === '' ? other : Number(text);
}
