import type { Cluster, Redis } from 'ioredis';

import { Announcer } from './announcer.js';
import { DeliverySender } from './delivery-sender.js';
import { DeliveryService } from './delivery.service.js';
import { HttpPoster } from './http-poster.js';
import type { WebhookLimits } from './limits.js';
import { RedisDeliveryStore } from './redis.delivery-store.js';
import { RedisWebhookStore } from './redis.webhook-store.js';
import { makeSealer } from './sealer.js';
import { TargetGuard } from './target-guard.js';
import type { ResolveHost } from './target-guard.js';
import { WebhookService } from './webhook.service.js';

export interface WebhooksOptions {
  /** The durable Redis; not owned. */
  readonly redis: Redis | Cluster;
  readonly limits: WebhookLimits;
  /** Encrypts URLs and signing secrets in Redis; undefined: they lie there in the clear. Secret. */
  readonly secret: string | undefined;
  readonly allowPrivate: boolean;
  readonly resolve: ResolveHost;
  readonly clock: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Buffer;
  /** Of the whole exchange; 15 s unless said. */
  readonly timeoutMs?: number;
  /** Certificates that are trusted instead of the system's; PEM. */
  readonly ca?: string;
}

/** Everything about webhooks, as one process has it. */
export interface Webhooks {
  readonly service: WebhookService;
  readonly deliveries: DeliveryService;
  readonly announcer: Announcer;
  readonly sender: DeliverySender;
  /** Ends its connections to receivers; Redis stays open. */
  close(): Promise<void>;
}

const ID_BYTES = 16;

export function openWebhooks(options: WebhooksOptions): Webhooks {
  const { redis, limits, clock, random, randomBytes, allowPrivate, resolve } = options;
  const guard = new TargetGuard({ resolve, allowPrivate, maxUrlLength: limits.urlLength });
  const shared = {
    webhooks: new RedisWebhookStore(redis),
    deliveries: new RedisDeliveryStore(redis, limits),
    sealer: makeSealer({ secret: options.secret, randomBytes }),
    clock,
    newId: () => randomBytes(ID_BYTES).toString('base64url'),
  };
  const service = new WebhookService({ ...shared, guard, limits, randomBytes });
  const poster = new HttpPoster({ guard, ...posterOptions(options) });
  return {
    service,
    deliveries: new DeliveryService(shared),
    announcer: new Announcer(shared),
    sender: new DeliverySender({ ...shared, service, poster, random }),
    close: () => poster.close(),
  };
}

function posterOptions({ timeoutMs, ca }: WebhooksOptions) {
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(ca === undefined ? {} : { ca }),
  };
}
