import type { Delivery, Exchange } from './delivery.js';
import { begun, dropped, ended } from './delivery.js';
import type { DeliveryStore } from './delivery-store.port.js';
import type { HttpPoster } from './http-poster.js';
import { messageBody } from './message-body.js';
import type { Sealer } from './sealer.js';
import { signatureHeaders } from './secret.js';
import type { StoredWebhook } from './webhook.js';
import type { WebhookStore } from './webhook-store.port.js';
import type { WebhookService } from './webhook.service.js';
import { openConfidential } from './webhook.service.js';

/**
 * - `delivered` – the receiver took it.
 * - `failed` – it did not; tried again at `retryAt`, null: never.
 * - `waiting` – its time has not come, or somebody else tries it: look again at `until`.
 * - `nothing` – there is nothing to do: it is done, or gone.
 */
export type Performed =
  | { readonly outcome: 'delivered' | 'nothing' }
  | { readonly outcome: 'failed'; readonly retryAt: number | null }
  | { readonly outcome: 'waiting'; readonly until: number };

export interface DeliverySenderParts {
  readonly webhooks: WebhookStore;
  readonly service: Pick<WebhookService, 'disableGone'>;
  readonly deliveries: DeliveryStore;
  readonly poster: Pick<HttpPoster, 'post'>;
  readonly sealer: Sealer;
  readonly clock: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly newId: () => string;
}

/**
 * Makes one attempt at one delivery. However many ask, one tries at a time; one that dies in the
 * middle is followed by another after {@link LEASE_MS}, with the same `webhook-id`.
 */
export class DeliverySender {
  readonly #parts: DeliverySenderParts;

  constructor(parts: DeliverySenderParts) {
    this.#parts = parts;
  }

  /** @throws when Redis does not answer, or WebhookError `unsealable` */
  async perform(deliveryId: string): Promise<Performed> {
    const [delivery] = await this.#parts.deliveries.find([deliveryId]);
    if (delivery?.state !== 'PENDING') {
      return { outcome: 'nothing' };
    }
    const now = this.#parts.clock();
    const until = delivery.lease?.until ?? delivery.nextAttemptAt ?? now;
    if (until > now) {
      return { outcome: 'waiting', until };
    }
    const webhook = await this.#parts.webhooks.find(delivery.webhookId);
    if (webhook?.enabled !== true) {
      await this.#parts.deliveries.replace([{ before: delivery, after: dropped(delivery) }]);
      return { outcome: 'nothing' };
    }
    return this.#claimed(delivery, webhook, now);
  }

  async #claimed(delivery: Delivery, webhook: StoredWebhook, now: number): Promise<Performed> {
    // Opened before it is claimed: what cannot be opened is no attempt.
    const { url, secrets } = openConfidential(this.#parts.sealer, webhook);
    const claimed = begun(delivery, this.#parts.newId(), now);
    if (!(await this.#parts.deliveries.replace([{ before: delivery, after: claimed }]))) {
      return { outcome: 'nothing' };
    }
    const body = messageBody(claimed.message, webhook.format);
    const signature = signatureHeaders({ id: claimed.id, body }, secrets, now);
    const headers = { ...signature, 'user-agent': 'securitytrails-relay' };
    const exchange = await this.#parts.poster.post({ url, body, headers });
    return this.#settle(claimed, exchange);
  }

  async #settle(claimed: Delivery, exchange: Exchange): Promise<Performed> {
    const now = this.#parts.clock();
    const after = ended(claimed, exchange, { now, random: this.#parts.random() });
    if (after.failure === 'gone') {
      await this.#parts.service.disableGone(claimed.webhookId);
    }
    if (!(await this.#parts.deliveries.replace([{ before: claimed, after }]))) {
      return { outcome: 'nothing' };
    }
    return after.state === 'DELIVERED'
      ? { outcome: 'delivered' }
      : { outcome: 'failed', retryAt: after.nextAttemptAt };
  }
}
