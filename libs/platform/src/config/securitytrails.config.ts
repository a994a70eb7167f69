import { httpUrl, integer, share, token } from './parsers.js';
import type { AreaSettings } from './setting.js';

export interface SecurityTrailsConfig {
  readonly apiUrl: string;
  readonly uiUrl: string;
  /** Of the worker; the relay gets a key with every call. Secret. */
  readonly apiKey?: string;
  /** Calls a second and key, over all processes. */
  readonly rps: number;
  readonly timeoutMs: number;
  /** Share of the monthly quota, 0 to 1. */
  readonly interactiveReserve: number;
  /** Calls a month. */
  readonly hardMonthlyLimit?: number;
}

export const SECURITYTRAILS_SETTINGS: AreaSettings<SecurityTrailsConfig> = {
  apiUrl: {
    name: 'SECURITYTRAILS_API_URL',
    description: 'Upstream API',
    example: 'https://api.securitytrails.com/v1',
    defaultText: 'https://api.securitytrails.com/v1',
    parse: httpUrl,
  },
  uiUrl: {
    name: 'SECURITYTRAILS_UI_URL',
    description: 'Base of refer links',
    example: 'https://securitytrails.com',
    defaultText: 'https://securitytrails.com',
    parse: httpUrl,
  },
  apiKey: {
    name: 'SECURITYTRAILS_API_KEY',
    description: "The worker's key. Required by the worker",
    example: 'the-key-of-your-account',
    secret: true,
    parse: token,
  },
  rps: {
    name: 'SECURITYTRAILS_RPS',
    description: 'Upstream calls a second per key, over all processes',
    example: '2',
    defaultText: '2',
    parse: integer(1, 10_000),
  },
  timeoutMs: {
    name: 'SECURITYTRAILS_TIMEOUT_MS',
    description: 'Milliseconds for one upstream call, from connecting to the last byte',
    example: '10000',
    defaultText: '10000',
    parse: integer(10, 300_000),
  },
  interactiveReserve: {
    name: 'QUOTA_INTERACTIVE_RESERVE',
    description: 'The share of the monthly quota that background refreshes leave alone',
    example: '0.2',
    defaultText: '0.2',
    parse: share,
  },
  hardMonthlyLimit: {
    name: 'SECURITYTRAILS_HARD_MONTHLY_LIMIT',
    description: 'Calls a month that are never exceeded, whatever the account allows',
    example: '2000',
    parse: integer(0, 1_000_000_000),
  },
};
