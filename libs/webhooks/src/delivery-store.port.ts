import type { Delivery } from './delivery.js';
import type { Page, PageRequest } from './page.js';

export interface Replacement {
  readonly before: Delivery;
  readonly after: Delivery;
}

export interface DeliveryStore {
  /** Those of the changes that the webhook was not told yet. */
  untold(webhookId: string, changeIds: readonly string[]): Promise<string[]>;
  /** Writes a new delivery and its changes as told; false: one was told meanwhile, or the webhook is gone. */
  add(delivery: Delivery, changeIds: readonly string[]): Promise<boolean>;
  /** In the order asked; undefined for what is not there. */
  find(ids: readonly string[]): Promise<(Delivery | undefined)[]>;
  /** All or, when one is no longer what was read, none: false. */
  replace(replacements: readonly Replacement[]): Promise<boolean>;
  /** Ids of what should be done by now, longest overdue first. */
  due(now: number, first: number): Promise<string[]>;
}

export interface DeliveryLog {
  /** @throws WebhookError `bad_cursor` */
  page(webhookId: string, request: PageRequest): Promise<Page<Delivery>>;
  count(webhookId: string): Promise<number>;
}
