import { httpUrl, integer, list, token } from './parsers.js';
import type { AreaSettings } from './setting.js';

export interface HttpConfig {
  readonly port: number;
  readonly host: string;
  /** The audiences that an RS256 token may name, without a final slash (relay-protocol 3.3). */
  readonly publicUrls: readonly string[];
}

export const HTTP_SETTINGS: AreaSettings<HttpConfig> = {
  port: {
    name: 'PORT',
    description: "The relay's HTTP port (0: any free one)",
    example: '9090',
    defaultText: '9090',
    parse: integer(0, 65_535),
  },
  host: {
    name: 'HOST',
    description: 'Address that both processes bind',
    example: '0.0.0.0',
    defaultText: '0.0.0.0',
    parse: token,
  },
  publicUrls: {
    name: 'PUBLIC_URL',
    description:
      'The URL or URLs (comma list) that XDR calls: the audience that an RS256 token must name. Required by the relay while `JWKS_HOSTS` is not empty',
    example: 'https://relay.example.com',
    defaultText: '',
    parse: list(httpUrl),
  },
};
