/** One hash slot for all, so that one script may touch any of them in a Redis Cluster too. */
const ROOT = '{st}:h';

/** Hash: webhook id → the webhook as JSON, its URL and secrets sealed. */
export const WEBHOOKS = `${ROOT}:webhooks`;
/** Hash: folded name → webhook id. */
export const NAMES = `${ROOT}:names`;
/** Sorted set: deliveries by when the next thing is to be done about them. */
export const DUE = `${ROOT}:due`;
/** What the key of a delivery begins with; its id follows. */
export const DELIVERY_PREFIX = `${ROOT}:d:`;

/** String: the delivery as JSON. */
export function deliveryKey(id: string): string {
  return `${DELIVERY_PREFIX}${id}`;
}

/** Hash: how a webhook's deliveries went lately. */
export function statusKey(webhookId: string): string {
  return `${ROOT}:s:${webhookId}`;
}

/** Sorted set by text: places of a webhook's deliveries, oldest first. */
export function logKey(webhookId: string): string {
  return `${ROOT}:l:${webhookId}`;
}

/** Sorted set: ids of the changes that a webhook was told, by when. */
export function toldKey(webhookId: string): string {
  return `${ROOT}:t:${webhookId}`;
}
