import type { ChangeEvent } from './change-event.js';
import type { DeliveryStore } from './delivery-store.port.js';
import { newDelivery } from './delivery.js';
import { WebhookError } from './fault.js';
import { concerned, messageId, messageOf } from './message.js';
import type { StoredWebhook } from './webhook.js';
import type { WebhookStore } from './webhook-store.port.js';

export interface AnnouncerParts {
  readonly webhooks: WebhookStore;
  readonly deliveries: DeliveryStore;
  readonly clock: () => number;
}

const ATTEMPTS = 20;

/** Turns what a refresh brought into deliveries: one message a webhook, each change told once. */
export class Announcer {
  readonly #parts: AnnouncerParts;

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  /**
   * Safe to repeat, also with some changes more or fewer: what a webhook was told is not told again.
   *
   * @returns ids of the deliveries that are new and due at once.
   */
  async announce(event: ChangeEvent): Promise<readonly string[]> {
    if (event.changes.length === 0 || event.watchlists.every(({ muted }) => muted)) {
      return [];
    }
    const webhooks = await this.#parts.webhooks.all();
    const ids: string[] = [];
    for (const webhook of webhooks) {
      ids.push(...(await this.#tell(webhook, event)));
    }
    return ids;
  }

  async #tell(webhook: StoredWebhook, event: ChangeEvent): Promise<readonly string[]> {
    const lists = concerned(webhook, event);
    if (lists.length === 0) {
      return [];
    }
    const all = event.changes.map(({ id }) => id);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const untold = new Set(await this.#parts.deliveries.untold(webhook.id, all));
      const changes = event.changes.filter((change) => untold.has(change.id));
      if (changes.length === 0) {
        return [];
      }
      const fresh = {
        id: messageId(webhook.id, [...untold]),
        webhookId: webhook.id,
        tenant: event.tenant,
        message: messageOf(event, changes, lists),
      };
      const delivery = newDelivery(fresh, this.#parts.clock());
      if (await this.#parts.deliveries.add(delivery, [...untold])) {
        return [delivery.id];
      }
      if (await this.#isSettled(webhook, delivery.id)) {
        return [];
      }
    }
    throw new WebhookError('contended', 'Changes kept being told while they were told');
  }

  /** Why it could not be added: the message is there already, or nobody to tell any more. */
  async #isSettled({ id }: StoredWebhook, deliveryId: string): Promise<boolean> {
    const [[delivery], webhook] = await Promise.all([
      this.#parts.deliveries.find([deliveryId]),
      this.#parts.webhooks.find(id),
    ]);
    return delivery !== undefined || webhook === undefined;
  }
}
