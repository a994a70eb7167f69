import { flag } from './parsers.js';
import type { AreaSettings } from './setting.js';

export interface WebhookConfig {
  readonly allowPrivate: boolean;
}

export const WEBHOOK_SETTINGS: AreaSettings<WebhookConfig> = {
  allowPrivate: {
    name: 'WEBHOOK_ALLOW_PRIVATE',
    description: 'Lets webhooks reach private addresses',
    example: 'false',
    defaultText: 'false',
    parse: flag,
  },
};
