import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { FaultRule } from '../../tools/simulator/faults/fault-rule.js';
import { asDomains, asIps, observe } from '../support/observing.js';
import type { ObserveAnswer } from '../support/observing.js';
import type { RelayStack } from '../support/relay-stack.js';
import { API_KEY, startStack } from '../support/relay-stack.js';

const UNEXPECTED = 'Unexpected response from SecurityTrails: ';
const CHANGED = 'The data structure of SecurityTrails has changed. The module is broken.';
const MALFORMED = 'The answer of SecurityTrails is not valid JSON';
const QUOTA_BODY = '{"message":"You\'ve exceeded the usage limits for your account."}';
/** More than the client takes of one body. */
const OVER_LIMIT = 9 * 1024 * 1024;

let stack: RelayStack;
let nextName = 0;

beforeAll(async () => {
  stack = await startStack({
    env: { SECURITYTRAILS_TIMEOUT_MS: '500' },
    simulator: { acceptAnyKey: true },
  });
}, 30_000);

afterAll(() => stack.stop());

beforeEach(() => {
  stack.simulator.clearFaults();
});

/** A name with a history that nobody has asked for yet. */
function freshName(): string {
  nextName += 1;
  const name = `name-${nextName}.example.com`;
  stack.simulator.setHistory(name, 'a', [{ first_seen: '2025-01-01', values: ['192.0.2.1'] }]);
  stack.simulator.setHistory(name, 'aaaa', [{ first_seen: '2025-01-01', values: ['2001:db8::1'] }]);
  return name;
}

function freshAddress(): string {
  nextName += 1;
  const address = `198.18.0.${nextName}`;
  stack.simulator.setHosts(address, ['one.example.com']);
  return address;
}

function ask(...values: readonly string[]): Promise<ObserveAnswer> {
  return observe(stack.relay.url, asDomains(...values));
}

/** What upstream does, and how it is told: code and message (relay-protocol 3.6). */
type Row = readonly [fault: FaultRule, code: string, message: string];

const ROWS: readonly Row[] = [
  [{ kind: 'status', status: 401 }, 'unauthorized', `${UNEXPECTED}Please check user credentials`],
  [
    { kind: 'status', status: 403, body: { message: 'Invalid authentication credentials' } },
    'authorization error',
    'Authorization failed: Invalid authentication credentials',
  ],
  [
    { kind: 'status', status: 403, body: { message: 'Consider upgrading.' } },
    'authorization error',
    'Authorization failed: Consider upgrading.',
  ],
  [
    { kind: 'status', status: 403, body: { detail: 'no message' } },
    'authorization error',
    'Authorization failed: {"detail":"no message"}',
  ],
  [
    { kind: 'status', status: 403, body: 'go away' },
    'authorization error',
    'Authorization failed: go away',
  ],
  ...[418, 422, 500, 501, 502, 503, 504].map((status): Row => [
    { kind: 'status', status, body: 'oops' },
    'unknown',
    `${UNEXPECTED}oops`,
  ]),
  [
    { kind: 'status', status: 500, body: { message: 'broken' } },
    'unknown',
    `${UNEXPECTED}{"message":"broken"}`,
  ],
  [{ kind: 'html', status: 503 }, 'unknown', `${UNEXPECTED}(HTML page)`],
  [{ kind: 'redirect' }, 'unknown', `${UNEXPECTED}redirect`],
  [{ kind: 'reset' }, 'unknown', 'Unable to connect to SecurityTrails'],
  [{ kind: 'truncated' }, 'unknown', 'Unable to connect to SecurityTrails'],
  [{ kind: 'hang-headers' }, 'unknown', 'SecurityTrails did not answer in time'],
  [{ kind: 'hang-body' }, 'unknown', 'SecurityTrails did not answer in time'],
  [{ kind: 'huge', bytes: OVER_LIMIT }, 'unknown', 'The answer of SecurityTrails is too large'],
  [
    { kind: 'gzip-bomb', bytes: OVER_LIMIT },
    'unknown',
    'The answer of SecurityTrails is too large',
  ],
  [{ kind: 'html' }, 'unknown', MALFORMED],
  [{ kind: 'malformed' }, 'unknown', MALFORMED],
  [{ kind: 'shape', body: '' }, 'unknown', MALFORMED],
  [{ kind: 'shape' }, 'key error', CHANGED],
  [{ kind: 'shape', body: [] }, 'key error', CHANGED],
  [{ kind: 'shape', body: 'null' }, 'key error', CHANGED],
  [{ kind: 'shape', body: { records: [], pages: 0 } }, 'key error', CHANGED],
  [{ kind: 'shape', body: { type: 'a/ipv4', pages: 1 } }, 'key error', CHANGED],
  [
    {
      kind: 'shape',
      body: { type: 'a/ipv4', pages: 1, records: [{ values: [{ address: 'x' }] }] },
    },
    'key error',
    CHANGED,
  ],
];

describe('a failure of SecurityTrails about a domain', () => {
  it.each(ROWS)('%j is told once', async (fault, code, message) => {
    const name = freshName();
    stack.simulator.fault({ ...fault, match: { host: name } });
    const { body } = await ask(name);
    expect(body).toEqual({ data: {}, errors: [{ code, message, type: 'fatal' }] });
  });

  it.each([400, 404, 406])('with %i is no failure: nothing is known', async (status) => {
    const name = freshName();
    stack.simulator.fault({ kind: 'status', status, match: { host: name } });
    const { body } = await ask(name);
    expect(body).toEqual({ data: {} });
  });

  it('is not kept: the next call asks again', async () => {
    const name = freshName();
    const takeAway = stack.simulator.fault({ kind: 'status', status: 500, match: { host: name } });
    await ask(name);
    takeAway();
    const { docs, errors } = await ask(name);
    expect([docs.length, errors]).toEqual([2, []]);
  });

  it('by throttling is waited out', async () => {
    const name = freshName();
    const [key, match] = ['throttled', { host: name, recordType: 'a' }] as const;
    stack.simulator.fault({ kind: 'status', status: 429, times: 1, match });
    const { docs, errors } = await observe(stack.relay.url, asDomains(name), { key });
    expect([docs.length, errors]).toEqual([2, []]);
  });

  it('by throttling without end is told', async () => {
    const address = freshAddress();
    stack.simulator.fault({ kind: 'status', status: 429, match: { host: address } });
    const { body } = await observe(stack.relay.url, asIps(address), { key: 'throttled for ever' });
    expect(body).toEqual({
      data: {},
      errors: [
        {
          code: 'too many requests',
          message: `${UNEXPECTED}{"message":"API rate limit exceeded"}`,
          type: 'fatal',
        },
      ],
    });
  });

  it('by the quota is told without another attempt', async () => {
    const address = freshAddress();
    const body = QUOTA_BODY;
    stack.simulator.fault({ kind: 'status', status: 429, body, match: { host: address } });
    stack.simulator.resetCounters();
    const answer = await observe(stack.relay.url, asIps(address), { key: 'used up' });
    expect(answer.errors).toEqual([
      { code: 'too many requests', message: `${UNEXPECTED}${body}`, type: 'fatal' },
    ]);
    expect(stack.simulator.counters().byEndpoint['list']).toBe(1);
  });

  it('shows neither the key nor more than 200 characters of what upstream wrote', async () => {
    const name = freshName();
    const body = `your key ${API_KEY} is bad ${'x'.repeat(5_000)}`;
    stack.simulator.fault({ kind: 'status', status: 500, body, match: { host: name } });
    const { errors } = await ask(name);
    const message = errors[0]?.message ?? '';
    expect(message).toContain('is bad');
    expect(message).not.toContain(API_KEY);
    expect(message.length).toBeLessThanOrEqual(UNEXPECTED.length + 200);
  });
});

describe('a failure of SecurityTrails about an address', () => {
  it.each([
    { records: [{ hostname: 'a.example.com' }], meta: {} },
    { records: [{ hostname: 'a.example.com' }], record_count: null, meta: {} },
    { records: [{ hostname: null }], record_count: 1, meta: {} },
    { records: [{}], record_count: 1, meta: {} },
    { records: [], record_count: 0, meta: null },
    { record_count: 0, meta: {} },
  ])('is told when the shape has changed to %j', async (body) => {
    const address = freshAddress();
    stack.simulator.fault({ kind: 'shape', body, match: { host: address } });
    const { errors, docs } = await observe(stack.relay.url, asIps(address));
    expect(docs).toEqual([]);
    expect(errors).toEqual([{ code: 'key error', message: CHANGED, type: 'fatal' }]);
  });
});

describe('no way to SecurityTrails', () => {
  it.each(['http', 'https'])('is told when the connection is refused (%s)', async (scheme) => {
    const relay = await stack.add('relay', {
      SECURITYTRAILS_API_URL: `${scheme}://127.0.0.1:${await closedPort()}/v1`,
    });
    const { body } = await observe(relay.url, asDomains(freshName()));
    await relay.stop();
    expect(body).toEqual({
      data: {},
      errors: [{ code: 'unknown', message: 'Unable to connect to SecurityTrails', type: 'fatal' }],
    });
  });

  it('is told with the reason when TLS fails', async () => {
    const relay = await stack.add('relay', {
      SECURITYTRAILS_API_URL: stack.simulator.url.replace('http:', 'https:'),
    });
    const { errors } = await observe(relay.url, asDomains(freshName()));
    await relay.stop();
    expect(errors).toEqual([
      {
        code: 'unknown',
        message: expect.stringMatching(/^Unable to verify SSL certificate: [A-Z]/),
        type: 'fatal',
      },
    ]);
  });
});

describe('a failure beside answers', () => {
  it('about one observable leaves those before and after it', async () => {
    const [first, bad, last] = [freshName(), freshName(), freshName()];
    stack.simulator.fault({ kind: 'status', status: 500, body: 'oops', match: { host: bad } });
    const { docs, errors } = await ask(first, bad, last);
    expect(docs.map(({ observables }) => observables?.[0]?.value)).toEqual([
      first,
      first,
      last,
      last,
    ]);
    expect(errors).toEqual([
      { code: 'unknown', message: `${UNEXPECTED}oops (domain ${bad})`, type: 'fatal' },
    ]);
  });

  it('names each observable that failed, in the order of the call', async () => {
    const [one, two] = [freshName(), freshAddress()];
    stack.simulator.fault({ kind: 'shape', match: { host: one } });
    stack.simulator.fault({ kind: 'status', status: 401, match: { host: two } });
    const { docs, errors } = await observe(stack.relay.url, [...asIps(two), ...asDomains(one)]);
    expect(docs).toEqual([]);
    expect(errors).toEqual([
      {
        code: 'unauthorized',
        message: `${UNEXPECTED}Please check user credentials (ip ${two})`,
        type: 'fatal',
      },
      { code: 'key error', message: `${CHANGED} (domain ${one})`, type: 'fatal' },
    ]);
  });

  it.each([
    ['aaaa', 'IPv4 addresses that'],
    ['a', 'IPv6 addresses that'],
  ] as const)('of the %s records keeps the others', async (recordType, kept) => {
    const name = freshName();
    stack.simulator.fault({
      kind: 'status',
      status: 503,
      body: 'oops',
      match: { host: name, recordType },
    });
    const { docs, errors } = await ask(name);
    expect(docs.map(({ description }) => description)).toEqual([`${kept} ${name} resolves to`]);
    const message = `${UNEXPECTED}oops (${recordType.toUpperCase()} of ${name})`;
    expect(errors).toEqual([{ code: 'unknown', message, type: 'warning' }]);
  });

  it('by throttling of the second observable leaves the first', async () => {
    const [good, bad] = [freshAddress(), freshAddress()];
    stack.simulator.fault({ kind: 'status', status: 429, match: { host: bad } });
    const { docs, errors } = await observe(stack.relay.url, asIps(good, bad), { key: 'two' });
    expect(docs).toHaveLength(1);
    expect(errors).toEqual([
      {
        code: 'too many requests',
        message: `${UNEXPECTED}{"message":"API rate limit exceeded"} (ip ${bad})`,
        type: 'fatal',
      },
    ]);
  });

  it('about an observable given twice is told once', async () => {
    const bad = freshName();
    stack.simulator.fault({ kind: 'status', status: 418, body: 'tea', match: { host: bad } });
    const { errors } = await ask(bad, bad);
    expect(errors).toEqual([{ code: 'unknown', message: `${UNEXPECTED}tea`, type: 'fatal' }]);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
