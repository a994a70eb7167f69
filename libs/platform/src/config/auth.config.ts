import { anyText, hostAndPort, list } from './parsers.js';
import type { AreaSettings } from './setting.js';

export interface AuthConfig {
  /** `host[:port]` in lower case; empty: RS256 tokens are off. Nothing else is ever fetched. */
  readonly jwksHosts: readonly string[];
  /** Turns on HS256 tokens. Secret. */
  readonly secretKey?: string;
}

export const AUTH_SETTINGS: AreaSettings<AuthConfig> = {
  jwksHosts: {
    name: 'JWKS_HOSTS',
    description:
      'Comma list of host[:port] allowed as `jwks_host`; nothing else is ever fetched. Set but empty: RS256 tokens are off',
    example: 'visibility.eu.amp.cisco.com',
    defaultText:
      'visibility.amp.cisco.com,visibility.eu.amp.cisco.com,visibility.apjc.amp.cisco.com',
    emptyIsValue: true,
    parse: list(hostAndPort),
  },
  secretKey: {
    name: 'SECRET_KEY',
    description: 'Turns on HS256 tokens, as the serverless relay had them',
    example: 'a-long-random-text',
    secret: true,
    parse: anyText,
  },
};
