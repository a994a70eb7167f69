import type { WebhookFault } from './fault.js';
import { fault } from './fault.js';
import type { WebhookLimits } from './limits.js';
import { plainText } from './plain-text.js';

/** How a message is written: signed JSON by Standard Webhooks, or a text for a chat. */
export const WEBHOOK_FORMATS = ['STANDARD', 'SLACK', 'WEBEX', 'TEAMS'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** What an operator decides, but for the URL, which is kept sealed. */
export interface WebhookSettings {
  readonly name: string;
  readonly format: WebhookFormat;
  readonly enabled: boolean;
  /** Whose changes are told; empty: those of all lists. */
  readonly watchlistIds: readonly string[];
}

/** A place that is told of changes. Neither its secret nor what is secret in its URL is in here. */
export interface Webhook extends WebhookSettings {
  readonly id: string;
  /** The URL without its query, of a chat without its path: those let anyone post. */
  readonly shownUrl: string;
  /** `gone`: the receiver answered 410, and it was disabled for that. */
  readonly disabledFor: 'gone' | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
}

/** How it went lately. */
export interface WebhookStatus {
  /** Epoch milliseconds of the latest attempt. */
  readonly lastDeliveryAt: number | null;
  /** HTTP status of the latest attempt; null when there was no answer. */
  readonly lastStatus: number | null;
  /** Attempts that failed since the latest success. */
  readonly consecutiveFailures: number;
}

/** A webhook as it is kept. */
export interface StoredWebhook extends Webhook {
  /** URL and secrets, see `sealer.ts`. */
  readonly sealed: string;
}

const WATCHLIST_ID = /^[\w-]{1,64}$/;

/** Names as one line, lists once each. */
export function tidySettings(settings: WebhookSettings, limits: WebhookLimits): WebhookSettings {
  const { name, format, enabled, watchlistIds } = settings;
  const tidyName = plainText(name, limits.nameLength + 1);
  return { name: tidyName, format, enabled, watchlistIds: [...new Set(watchlistIds)] };
}

export function settingsFaults(settings: WebhookSettings, limits: WebhookLimits): WebhookFault[] {
  const faults: WebhookFault[] = [];
  if (settings.name === '' || settings.name.length > limits.nameLength) {
    faults.push(fault('INVALID', ['name'], `must have 1 to ${limits.nameLength} characters`));
  }
  if (settings.watchlistIds.length > limits.watchlistIds) {
    const message = `names more than ${limits.watchlistIds} watchlists; none means all`;
    faults.push(fault('TOO_MANY', ['watchlistIds'], message));
  }
  const odd = settings.watchlistIds.findIndex((id) => !WATCHLIST_ID.test(id));
  if (odd >= 0) {
    faults.push(fault('INVALID', ['watchlistIds', String(odd)], 'is not the id of a watchlist'));
  }
  return faults;
}

/** The URL as it may be shown: no query, and of a chat no path. */
export function shownUrl(url: string, format: WebhookFormat): string {
  const { origin, pathname, search } = new URL(url);
  return format === 'STANDARD' ? `${origin}${pathname}${search && '?…'}` : `${origin}/…`;
}
