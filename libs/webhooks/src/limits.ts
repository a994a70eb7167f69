/** How much there may be. Lengths are UTF-16 units. */
export interface WebhookLimits {
  readonly webhooks: number;
  readonly nameLength: number;
  readonly urlLength: number;
  readonly watchlistIds: number;
  /** Deliveries kept for each webhook. */
  readonly deliveries: number;
  readonly keepMs: number;
}

export const DEFAULT_LIMITS: WebhookLimits = {
  webhooks: 100,
  nameLength: 100,
  urlLength: 2_048,
  watchlistIds: 100,
  deliveries: 1_000,
  keepMs: 30 * 86_400_000,
};

/** How long a secret that was replaced goes on signing. */
export const ROTATION_MS = 24 * 3_600_000;
/** Secrets of one webhook that may sign at once. */
export const MOST_SECRETS = 5;
/** Of who made a webhook; longer names are cut. */
export const ACTOR_LENGTH = 200;
/** Deliveries that one call may ask for again. */
export const MOST_REDELIVERIES = 100;
