import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation } from '@nestjs/swagger';

import { ApiEnvelope, REFUSED } from '../http/envelope.openapi.js';
import type { Example } from '../http/envelope.openapi.js';

const NAME = { type: 'domain', value: 'shop.example.com' };
const ADDRESS = { type: 'ip', value: '192.0.2.44' };

const LIST = {
  type: 'array',
  items: {
    type: 'object',
    required: ['type', 'value'],
    properties: {
      type: { type: 'string', description: 'ip, ipv6 or domain; others are ignored' },
      value: { type: 'string' },
    },
  },
};

const BODY = ApiBody({
  description: 'At most 1,000 observables and 1 MiB. Other fields are ignored.',
  schema: LIST,
  examples: { two: { summary: 'A domain and an address', value: [NAME, ADDRESS] } },
});

const MALFORMED: Example = {
  summary: 'Refused: a malformed list',
  value: {
    errors: [
      {
        code: 'invalid argument',
        message:
          'Invalid JSON payload received. {"0": {"value": ["Missing data for required field."]}}',
        type: 'fatal',
      },
    ],
  },
};

const SIGHTING = {
  type: 'sighting',
  schema_version: '1.3.28',
  id: 'transient:sighting-9c84f5b3-a33e-8080-8884-b9ecc7ceaba0',
  source: 'SecurityTrails',
  title: 'Found in SecurityTrails',
  confidence: 'High',
  internal: false,
  count: 1,
  observables: [NAME],
  observed_time: {
    start_time: '2024-02-01T00:00:00.000Z',
    end_time: '2026-11-12T23:59:59.999Z',
  },
  description: 'IPv4 addresses that shop.example.com resolves to',
  source_uri: 'https://securitytrails.com/domain/shop.example.com/dns',
  external_ids: ['securitytrails-dns-history-a-shop.example.com'],
  relations: [
    {
      origin: 'SecurityTrails Enrichment Module',
      relation: 'Resolved_To',
      source: NAME,
      related: ADDRESS,
      relation_info: {
        record_type: 'A',
        first_seen: '2024-02-01',
        last_seen: '2026-11-12',
        intervals: 1,
      },
    },
  ],
  short_description: 'from cache, 3 h old, pages 1 of 1, 0 upstream calls',
};

const FOUND: Example = {
  summary: 'A sighting',
  value: { data: { sightings: { count: 1, docs: [SIGHTING] } } },
};

const PARTIAL: Example = {
  summary: 'A sighting of the domain, and why there is none of the address',
  value: {
    ...FOUND.value,
    errors: [
      {
        code: 'gateway timeout',
        message:
          'SecurityTrails has not answered yet; the answer will be there for the next call (ip 192.0.2.44)',
        type: 'warning',
      },
    ],
  },
};

const NOTHING: Example = { summary: 'Nothing known', value: { data: {} } };

const LINK = {
  id: 'ref-securitytrails-search-domain-shop.example.com',
  title: 'Search for this domain',
  description: 'Lookup this domain on SecurityTrails',
  categories: ['Search', 'SecurityTrails'],
  url: 'https://securitytrails.com/domain/shop.example.com/dns',
};

/** Documents `POST /observe/observables`. */
export const ApiObserve = applyDecorators(
  ApiOperation({
    summary: 'Sightings of domains and addresses',
    description:
      'Answers from the cache, else from SecurityTrails within OBSERVE_DEADLINE_MS. What cannot be answered is an error beside what can.',
  }),
  ApiBearerAuth(),
  BODY,
  ApiEnvelope(
    'CTIM sightings, grouped; `data` is empty or absent when there are none.',
    { type: 'object' },
    { found: FOUND, partial: PARTIAL, nothing: NOTHING, malformed: MALFORMED, refused: REFUSED },
  ),
);

/** Documents `POST /deliberate/observables`. */
export const ApiDeliberate = applyDecorators(
  ApiOperation({
    summary: 'Verdicts: always none',
    description: 'SecurityTrails knows no verdicts. The body is not read.',
  }),
  ApiBearerAuth(),
  ApiEnvelope('Always empty.', { type: 'object' }, { nothing: NOTHING, refused: REFUSED }),
);

/** Documents `POST /refer/observables`. */
export const ApiRefer = applyDecorators(
  ApiOperation({
    summary: 'Links to the SecurityTrails pages of observables',
    description: 'Needs no token and asks nobody.',
  }),
  BODY,
  ApiEnvelope(
    'One link an observable.',
    { type: 'array', items: { type: 'object' } },
    {
      links: { summary: 'A link', value: { data: [LINK] } },
      nothing: { summary: 'No such page', value: { data: [] } },
      malformed: MALFORMED,
    },
  ),
);
