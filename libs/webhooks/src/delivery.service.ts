import type { Delivery } from './delivery.js';
import { askedAgain, newDelivery } from './delivery.js';
import type { DeliveryLog, DeliveryStore } from './delivery-store.port.js';
import type { Outcome, WebhookFault } from './fault.js';
import { done, fault, refused } from './fault.js';
import { MOST_REDELIVERIES } from './limits.js';
import type { Page, PageRequest } from './page.js';
import type { WebhookStore } from './webhook-store.port.js';
import { notFound } from './webhook.service.js';

export interface DeliveryServiceParts {
  readonly webhooks: WebhookStore;
  readonly deliveries: DeliveryStore & DeliveryLog;
  readonly clock: () => number;
  readonly newId: () => string;
}

/** What was sent, and sending it again. */
export class DeliveryService {
  readonly #parts: DeliveryServiceParts;

  constructor(parts: DeliveryServiceParts) {
    this.#parts = parts;
  }

  /**
   * A message that tells of nothing, on the way of all others.
   *
   * Faults: NOT_FOUND; CONFLICT while the webhook is disabled.
   *
   * @returns the delivery, due at once.
   */
  async test(webhookId: string, tenant: string): Promise<Outcome<Delivery>> {
    const webhook = await this.#parts.webhooks.find(webhookId);
    if (webhook === undefined) {
      return refused(notFound(['id']));
    }
    if (!webhook.enabled) {
      return refused(fault('CONFLICT', ['id'], 'is disabled'));
    }
    const now = this.#parts.clock();
    const id = `msg_${this.#parts.newId()}`;
    const delivery = newDelivery(
      { id, webhookId, tenant, message: { kind: 'test', at: now } },
      now,
    );
    const isAdded = await this.#parts.deliveries.add(delivery, []);
    return isAdded ? done(delivery) : refused(notFound(['id']));
  }

  /**
   * The same messages with the same ids, from the first attempt on: all or none of them.
   *
   * Faults: NOT_FOUND; CONFLICT while one is being tried or its webhook is disabled; TOO_MANY.
   *
   * @returns the deliveries, due at once.
   */
  async redeliver(ids: readonly string[]): Promise<Outcome<readonly Delivery[]>> {
    const once = [...new Set(ids)];
    if (once.length > MOST_REDELIVERIES) {
      const message = `names more than ${MOST_REDELIVERIES} deliveries`;
      return refused(fault('TOO_MANY', ['deliveryIds'], message));
    }
    const now = this.#parts.clock();
    const [found, enabled] = await Promise.all([this.find(once), this.#enabled()]);
    const faults = found.flatMap((delivery, index) =>
      faultsOf(delivery, {
        enabled,
        now,
        field: ['deliveryIds', String(ids.indexOf(once[index] ?? ''))],
      }),
    );
    if (faults.length > 0) {
      return refused(...faults);
    }
    const replacements = found
      .filter((delivery) => delivery !== undefined)
      .map((before) => ({ before, after: askedAgain(before, now) }));
    return (await this.#parts.deliveries.replace(replacements))
      ? done(replacements.map(({ after }) => after))
      : refused(fault('CONFLICT', ['deliveryIds'], 'changed meanwhile'));
  }

  /** In the order asked; undefined for what is not there. */
  async find(ids: readonly string[]): Promise<readonly (Delivery | undefined)[]> {
    return this.#parts.deliveries.find(ids);
  }

  /** Newest first. @throws WebhookError `bad_cursor` */
  async page(webhookId: string, request: PageRequest): Promise<Page<Delivery>> {
    return this.#parts.deliveries.page(webhookId, request);
  }

  async count(webhookId: string): Promise<number> {
    return this.#parts.deliveries.count(webhookId);
  }

  /** What should be tried by now, with its tenant: for whoever finds that its job was lost. */
  async due(first: number): Promise<readonly Delivery[]> {
    const ids = await this.#parts.deliveries.due(this.#parts.clock(), first);
    return (await this.#parts.deliveries.find(ids)).filter((delivery) => delivery !== undefined);
  }

  async #enabled(): Promise<ReadonlySet<string>> {
    const webhooks = await this.#parts.webhooks.all();
    return new Set(webhooks.filter((webhook) => webhook.enabled).map(({ id }) => id));
  }
}

interface Judged {
  readonly enabled: ReadonlySet<string>;
  readonly now: number;
  readonly field: readonly string[];
}

function faultsOf(delivery: Delivery | undefined, { enabled, now, field }: Judged): WebhookFault[] {
  if (delivery === undefined) {
    return [notFound(field)];
  }
  if (delivery.lease !== null && delivery.lease.until > now) {
    return [fault('CONFLICT', field, 'is being tried')];
  }
  return enabled.has(delivery.webhookId)
    ? []
    : [fault('CONFLICT', field, 'is of a webhook that is disabled')];
}
