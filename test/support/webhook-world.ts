import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';

import { DEFAULT_LIMITS, openWebhooks } from '#webhooks';
import type { ChangeEvent, ChangeFact, Outcome, Webhooks, WebhooksOptions } from '#webhooks';

/** A process' view of webhooks, with a clock that the test moves. */
export interface WebhookWorld extends Webhooks {
  readonly redis: Redis;
  now: number;
  end(): Promise<void>;
}

export const TENANT = '0123456789abcdef0123456789abcdef';
export const LIST = { id: 'wl_1', name: 'Crown jewels', muted: false };

export function webhookWorld(url: string, options: Partial<WebhooksOptions> = {}): WebhookWorld {
  const redis = new Redis(url);
  const world: { now: number } = { now: Date.now() };
  const webhooks = openWebhooks({
    redis,
    limits: DEFAULT_LIMITS,
    secret: 'a-long-random-text',
    allowPrivate: true,
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    clock: () => world.now,
    random: () => 0.5,
    randomBytes,
    ...options,
  });
  const end = async () => {
    await webhooks.close();
    await redis.quit();
  };
  return Object.assign(world, webhooks, { redis, end });
}

function change(id: string, value = '192.0.2.1'): ChangeFact {
  return {
    id: `ch_${id}`,
    kind: 'ADDED',
    recordType: 'A',
    value,
    firstSeen: '2026-11-21',
    lastSeen: null,
    detectedAt: Date.parse('2026-11-22T10:00:00Z'),
  };
}

export function event(ids: readonly string[], over: Partial<ChangeEvent> = {}): ChangeEvent {
  return {
    tenant: TENANT,
    observable: { type: 'domain', value: 'example.com' },
    link: 'https://ui.example.com/domain/example.com',
    changes: ids.map((id) => change(id)),
    watchlists: [LIST],
    ...over,
  };
}

/** A webhook that must be made, with its secret. */
export async function newWebhook(
  world: Webhooks,
  url: string,
  over: Partial<Parameters<Webhooks['service']['create']>[0]> = {},
): Promise<{ readonly id: string; readonly secret: string }> {
  const draft = { name: `to ${url}`, url, ...over };
  const { webhook, signingSecret } = must(await world.service.create(draft, 'admin@example.com'));
  return { id: webhook.id, secret: signingSecret ?? '' };
}

/** The value of an outcome that must be one. */
export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) {
    throw new Error(`refused: ${JSON.stringify(outcome.faults)}`);
  }
  return outcome.value;
}

/** Codes and fields of an outcome that must be refused. */
export function faultsOf(outcome: Outcome<unknown>): string[] {
  if (outcome.ok) {
    throw new Error('it was not refused');
  }
  return outcome.faults.map(({ code, field }) => `${code} ${field.join('.')}`);
}
