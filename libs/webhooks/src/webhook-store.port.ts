import type { StoredWebhook, WebhookStatus } from './webhook.js';

/** `taken`: the name; `full`: no webhook more; `changed`: it is no longer what was read. */
export type WebhookSaved = 'saved' | 'taken' | 'full' | 'changed';

export interface WebhookStore {
  /** In the order of creation. */
  all(): Promise<StoredWebhook[]>;
  find(id: string): Promise<StoredWebhook | undefined>;
  insert(webhook: StoredWebhook, limit: number): Promise<WebhookSaved>;
  replace(before: StoredWebhook, after: StoredWebhook): Promise<WebhookSaved>;
  /** With its deliveries. */
  remove(webhook: StoredWebhook): Promise<WebhookSaved>;
}

export interface WebhookStatusReader {
  /** In one round trip, in the order asked. */
  statuses(ids: readonly string[]): Promise<WebhookStatus[]>;
}
