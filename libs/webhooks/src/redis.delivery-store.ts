import type { Cluster, Redis } from 'ioredis';

import type { Delivery } from './delivery.js';
import type { DeliveryLog, DeliveryStore, Replacement } from './delivery-store.port.js';
import type { WebhookLimits } from './limits.js';
import { idAt, placeAt, placeFrom, placeOf } from './page.js';
import type { Page, PageRequest } from './page.js';
import { commit, trimLog } from './redis.commit.js';
import type { Command, Expectation } from './redis.commit.js';
import {
  DELIVERY_PREFIX,
  deliveryKey,
  DUE,
  logKey,
  statusKey,
  toldKey,
  WEBHOOKS,
} from './redis.keys.js';

/** Ids of changes in one command: a script hands over a few thousand arguments at most. */
const TOLD_AT_ONCE = 500;
/** Changes that are remembered as told, for each webhook; older ones are past every repetition. */
const MOST_TOLD = 50_000;

/** Deliveries in the durable Redis: JSON by id, a log a webhook, and one order of what is due. */
export class RedisDeliveryStore implements DeliveryStore, DeliveryLog {
  readonly #redis: Redis | Cluster;
  readonly #limits: WebhookLimits;

  constructor(redis: Redis | Cluster, limits: WebhookLimits) {
    this.#redis = redis;
    this.#limits = limits;
  }

  async untold(webhookId: string, changeIds: readonly string[]): Promise<string[]> {
    if (changeIds.length === 0) {
      return [];
    }
    const scores = await this.#redis.zmscore(toldKey(webhookId), ...changeIds);
    return changeIds.filter((_, index) => scores[index] === null);
  }

  async add(delivery: Delivery, changeIds: readonly string[]): Promise<boolean> {
    const { id, webhookId, createdAt } = delivery;
    const told = toldKey(webhookId);
    const expects: Expectation[] = [
      ['present', WEBHOOKS, webhookId],
      ['absent', deliveryKey(id)],
      ['without', told, changeIds],
    ];
    const writes: Command[] = [
      ...tellings(told, changeIds, createdAt),
      ['ZADD', logKey(webhookId), 0, placeOf(delivery)],
      ...this.#writes(delivery),
    ];
    const isWritten = (await commit(this.#redis, expects, writes)) < 0;
    if (isWritten) {
      await this.#trim(webhookId, createdAt);
    }
    return isWritten;
  }

  async find(ids: readonly string[]): Promise<(Delivery | undefined)[]> {
    if (ids.length === 0) {
      return [];
    }
    const texts = await this.#redis.mget(ids.map(deliveryKey));
    return texts.map((text) => (text === null ? undefined : decode(text)));
  }

  async replace(replacements: readonly Replacement[]): Promise<boolean> {
    const expects = replacements.map(({ before }): Expectation => [
      'text',
      deliveryKey(before.id),
      JSON.stringify(before),
    ]);
    const writes = replacements.flatMap((replacement) => [
      ...this.#writes(replacement.after),
      ...statusWrites(replacement),
    ]);
    return (await commit(this.#redis, expects, writes)) < 0;
  }

  async due(now: number, first: number): Promise<string[]> {
    return this.#redis.zrangebyscore(DUE, '-inf', now, 'LIMIT', 0, first);
  }

  async page(webhookId: string, { first, after }: PageRequest): Promise<Page<Delivery>> {
    const below = after === undefined ? '+' : `(${placeAt(after)}`;
    const range = [logKey(webhookId), below, '-', 'LIMIT', 0, first + 1] as const;
    const places = await this.#redis.zrevrangebylex(...range);
    const shown = places.slice(0, first);
    const found = await this.find(shown.map(idAt));
    const last = shown.at(-1);
    return {
      items: found.filter((delivery) => delivery !== undefined),
      nextCursor:
        places.length > first && last !== undefined
          ? Buffer.from(last).toString('base64url')
          : null,
    };
  }

  async count(webhookId: string): Promise<number> {
    return this.#redis.zcard(logKey(webhookId));
  }

  #writes(delivery: Delivery): readonly Command[] {
    const { id, lease, nextAttemptAt } = delivery;
    const text = JSON.stringify(delivery);
    const due = lease?.until ?? nextAttemptAt;
    return [
      ['SET', deliveryKey(id), text, 'PX', this.#limits.keepMs],
      due === null ? ['ZREM', DUE, id] : ['ZADD', DUE, due, id],
    ];
  }

  async #trim(webhookId: string, now: number): Promise<void> {
    const { deliveries, keepMs } = this.#limits;
    const oldest = placeFrom(now - keepMs);
    await trimLog(this.#redis, [logKey(webhookId), deliveries, oldest, DELIVERY_PREFIX, DUE]);
  }
}

function tellings(told: string, changeIds: readonly string[], now: number): readonly Command[] {
  if (changeIds.length === 0) {
    return [];
  }
  const commands: Command[] = [];
  for (let at = 0; at < changeIds.length; at += TOLD_AT_ONCE) {
    const ids = changeIds.slice(at, at + TOLD_AT_ONCE);
    commands.push(['ZADD', told, ...ids.flatMap((id) => [now, id])]);
  }
  return [...commands, ['ZREMRANGEBYRANK', told, 0, -MOST_TOLD - 1]];
}

/** What an attempt tells of its webhook. */
function statusWrites({ before, after }: Replacement): readonly Command[] {
  if (after.attempt === before.attempt) {
    return [];
  }
  const key = statusKey(after.webhookId);
  const failures: Command =
    after.failure === null ? ['HSET', key, 'failures', 0] : ['HINCRBY', key, 'failures', 1];
  return [['HSET', key, 'at', after.lastAttemptAt ?? '', 'status', after.status ?? ''], failures];
}

/** Reads what only this file writes. */
function decode(text: string): Delivery {
  return JSON.parse(text) as Delivery;
}
