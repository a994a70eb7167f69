import { moduleTypeSchema } from './module-type.schema.js';
import type { ModuleType } from './module-type.schema.js';
import { moduleTypeTips } from './module-type-tips.js';
import type { Region } from './regions.js';

/** How calls to the relay prove who they are for (relay-protocol 2.3). */
export type ModuleTypeAuth = 'rs256' | 'hs256' | 'bearer';

/** What differs from one module type to the next. */
export interface ModuleTypeOrder {
  /** The relay's public URL, without a trailing slash: one of its PUBLIC_URL. */
  readonly url: string;
  readonly region: Region;
  readonly title: string;
  readonly auth: ModuleTypeAuth;
  /** With `hs256`: the secret shared with the relay. It becomes part of the module type. */
  readonly secret?: string;
}

/** The module type for an order, in the form that the platform takes (relay-protocol 2.4). */
export function moduleTypeFor(order: ModuleTypeOrder): ModuleType {
  return moduleTypeSchema.parse({
    title: order.title,
    default_name: 'SecurityTrails',
    short_description: 'Passive and historical DNS from SecurityTrails.',
    description: DESCRIPTION,
    tips: moduleTypeTips(order),
    external_references: REFERENCES,
    configuration_spec: order.auth === 'bearer' ? BEARER_SETTINGS : TOKEN_SETTINGS,
    capabilities: CAPABILITIES,
    properties: {
      url: order.url,
      'supported-apis': ['health', 'observe/observables', 'refer/observables'],
      ...authProperties(order),
    },
    product_categories: [{ id: 'threat-intel', description: 'Threat intelligence' }],
    flags: ['third-party-serverless'],
  });
}

function authProperties({ auth, region, url, secret }: ModuleTypeOrder): Record<string, unknown> {
  if (auth === 'bearer') {
    return { 'auth-type': 'bearer' };
  }
  return {
    'auth-type': 'configuration-token',
    'configuration-token-audience': url,
    ...(auth === 'rs256'
      ? { 'configuration-token-alg': 'RS256', custom_jwks_host: region.jwksHost }
      : { 'configuration-token-alg': 'HS256', 'configuration-token-key': secret }),
  };
}

const DESCRIPTION = [
  'Answers which addresses a domain has had, and which domains an address has, from the DNS',
  'history that SecurityTrails collects. For use in Cisco XDR (formerly SecureX).',
  '',
  '- domains: the A and AAAA records of the past and the present',
  '- IPv4 and IPv6 addresses: the domains that point to them',
].join('\n');

const REFERENCES = [
  { label: 'SecurityTrails', link: 'https://securitytrails.com/' },
  { label: 'API key', link: 'https://securitytrails.com/app/account/credentials' },
];

const CAPABILITIES = [
  { id: 'health', description: 'Checks that SecurityTrails accepts the API key' },
  { id: 'observe', description: 'Sightings of domains and of IPv4 and IPv6 addresses' },
  { id: 'refer', description: 'Links to the SecurityTrails pages of an observable' },
];

/** The platform turns `custom_X` into the claim `X`: these names are the interface. */
const TOKEN_SETTINGS = [
  {
    key: 'custom_key',
    type: 'api_key',
    label: 'API key',
    tooltip: 'Your SecurityTrails API key',
    required: true,
  },
  {
    key: 'custom_NUMBER_OF_PAGES',
    type: 'integer',
    label: 'Pages per lookup',
    tooltip: 'Pages of 100 records, one API call each. Empty: 1. 0: all.',
    required: false,
  },
  {
    key: 'custom_GET_ALL_PAGES',
    type: 'boolean',
    label: 'Read every page',
    tooltip: 'Overrides the number of pages. Slow, and costs one API call a page.',
    required: false,
  },
];

const BEARER_SETTINGS = [
  {
    key: 'token',
    type: 'password',
    label: 'Authorization bearer token',
    tooltip: 'The token made for this relay; it carries the SecurityTrails API key',
    required: true,
  },
];
