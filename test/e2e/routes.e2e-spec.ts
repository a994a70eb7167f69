import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Platform } from '../support/platform.js';
import { startPlatform } from '../support/platform.js';
import type { RawAnswer, RawRequest } from '../support/raw-request.js';
import { sendRaw } from '../support/raw-request.js';
import type { RelayStack } from '../support/relay-stack.js';
import { post, startStack, token } from '../support/relay-stack.js';

/** relay-protocol 1.1, verbatim. */
const NOT_FOUND = {
  code: 404,
  message:
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  reason: 'werkzeug.exceptions.NotFound',
};
const METHOD_NOT_ALLOWED = {
  code: 405,
  message: 'The method is not allowed for the requested URL.',
  reason: 'werkzeug.exceptions.MethodNotAllowed',
};

const POSTED = [
  '/health',
  '/version',
  '/observe/observables',
  '/refer/observables',
  '/deliberate/observables',
];

let platform: Platform;
let stack: RelayStack;

beforeAll(async () => {
  platform = await startPlatform();
  stack = await startStack({
    env: { ...platform.env, SECURITYTRAILS_TIMEOUT_MS: '400' },
    simulator: { acceptAnyKey: true },
  });
}, 30_000);

afterAll(async () => {
  await stack.stop();
  await platform.stop();
});

function send(path: string, rest: Partial<RawRequest> = {}): Promise<RawAnswer> {
  const headers = { authorization: `Bearer ${token()}`, ...rest.headers };
  return sendRaw(stack.relay.url, { path, ...rest, headers });
}

describe('the paths of the relay', () => {
  it.each([
    ['/observe/observables', '{"data":{}}'],
    ['/deliberate/observables', '{"data":{}}'],
    ['/refer/observables', '{"data":[]}'],
    ['/health', '{"data":{"status":"ok"}}'],
  ])('%s is served with and without a final slash, without a redirect', async (path, expected) => {
    for (const spelling of [path, `${path}/`, `${path}?from=somewhere`]) {
      const { status, text, headers } = await send(spelling, { body: '[]' });
      expect([spelling, status, text]).toEqual([spelling, 200, expected]);
      expect(headers.location).toBeUndefined();
    }
  });

  it.each([
    ['GET', '/'],
    ['POST', '/'],
    ['POST', '/observe'],
    ['POST', '/observe/observables/more'],
    ['POST', '/observe//observables'],
    ['POST', '/observe/observable'],
    ['POST', '/healthz'],
    ['POST', '/HEALTH'],
    ['POST', '/Observe/Observables'],
    ['POST', '/respond/observables'],
    ['POST', '/respond/trigger'],
    ['POST', '/tiles'],
    ['POST', '/tiles/tile'],
    ['POST', '/tiles/tile-data'],
    ['GET', '/favicon.ico'],
    ['GET', '/constructor'],
    ['GET', '/__proto__'],
    ['DELETE', '/nothing/here'],
    ['POST', '/%2e%2e/health'],
    ['GET', '/docs/../../package.json'],
    ['GET', '/docs/%2e%2e/%2e%2e/package.json'],
  ])('%s %s is unknown: 404', async (method, path) => {
    const { status, text, headers } = await send(path, { method, body: '[]' });
    expect(status).toBe(404);
    expect(JSON.parse(text)).toEqual(NOT_FOUND);
    expect(headers['content-type']).toBe('application/json');
  });

  it.each(['/%', '/%zz', '/%c3%28', '/observe/%E0%A4%A', '/docs/%'])(
    '%s cannot be decoded and is unknown: 404',
    async (path) => {
      const { status, text } = await send(path, { method: 'POST' });
      expect(status).toBe(404);
      expect(JSON.parse(text)).toEqual(NOT_FOUND);
    },
  );
});

describe('a wrong verb', () => {
  const wrong = POSTED.flatMap((path) =>
    ['GET', 'PUT', 'PATCH', 'DELETE', 'TRACE'].map((method) => [method, path, 'POST'] as const),
  );

  it.each([
    ...wrong,
    ['GET', '/health/', 'POST'],
    ['POST', '/watchdog', 'GET'],
    ['POST', '/watchdog/', 'GET'],
    ['DELETE', '/livez', 'GET'],
    ['POST', '/metrics', 'GET'],
    ['POST', '/docs', 'GET'],
    ['POST', '/openapi.json', 'GET'],
  ] as const)('%s %s is 405 and the right one is named', async (method, path, allowed) => {
    const { status, text, headers } = await send(path, { method });
    expect(status).toBe(405);
    expect(JSON.parse(text)).toEqual(METHOD_NOT_ALLOWED);
    expect(headers['content-type']).toBe('application/json');
    expect(headers.allow).toBe(allowed);
  });

  it('HEAD of a posted path is 405 without a body', async () => {
    const { status, text, headers } = await send('/health', { method: 'HEAD' });
    expect([status, text, headers.allow]).toEqual([405, '', 'POST']);
  });

  it('HEAD of the watchdog answers like GET, without a body', async () => {
    const headers = { 'health-check': 'hello' };
    const { status, text } = await send('/watchdog', { method: 'HEAD', headers });
    expect([status, text]).toEqual([200, '']);
  });

  it.each(POSTED)('OPTIONS %s grants nothing to other origins', async (path) => {
    const { headers, text } = await send(path, {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example.com' },
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers.allow).toContain('POST');
    expect(text).not.toContain('elsewhere');
  });
});

describe('version and watchdog', () => {
  it('the version is told without a token and without an envelope', async () => {
    const { status, text } = await sendRaw(stack.relay.url, { path: '/version' });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  it.each(['alive?', '{"json":"too"}', '"'])('the watchdog gives back %s', async (check) => {
    const { status, text } = await sendRaw(stack.relay.url, {
      path: '/watchdog',
      method: 'GET',
      headers: { 'health-check': check },
    });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ data: check });
  });

  it.each(['/watchdog', '/watchdog/'])('%s misses its header', async (path) => {
    const { status, text } = await sendRaw(stack.relay.url, { path, method: 'GET' });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      errors: [{ code: 'health check failed', message: 'Invalid Health Check', type: 'fatal' }],
    });
  });
});

describe('deliberate', () => {
  it('invents no verdict', async () => {
    const { status, text } = await send('/deliberate/observables', {
      body: '[{"type":"domain","value":"moved.example.com"}]',
    });
    expect([status, text]).toEqual([200, '{"data":{}}']);
  });

  it('asks for a token', async () => {
    const { text } = await sendRaw(stack.relay.url, {
      path: '/deliberate/observables',
      body: '[]',
    });
    expect(JSON.parse(text)).toMatchObject({ errors: [{ code: 'authorization error' }] });
  });
});

/** A fault of the ping, and how the relay tells it (relay-protocol 3.6; 400 and 404 by section 6). */
const PING_FAULTS = [
  [
    { kind: 'status', status: 400 },
    'unknown',
    'Unexpected response from SecurityTrails: {"message":"The requested domain is invalid"}',
  ],
  [
    { kind: 'status', status: 404 },
    'unknown',
    'Unexpected response from SecurityTrails: {"message":"Not Found"}',
  ],
  [
    { kind: 'status', status: 401 },
    'unauthorized',
    'Unexpected response from SecurityTrails: Please check user credentials',
  ],
  [
    { kind: 'status', status: 403, body: { message: 'Invalid authentication credentials' } },
    'authorization error',
    'Authorization failed: Invalid authentication credentials',
  ],
  [
    { kind: 'status', status: 403, body: { message: 'Not in your plan.' } },
    'authorization error',
    'Authorization failed: Not in your plan.',
  ],
  [
    { kind: 'status', status: 418, body: 'tea' },
    'unknown',
    'Unexpected response from SecurityTrails: tea',
  ],
  [
    { kind: 'status', status: 500, body: 'oops' },
    'unknown',
    'Unexpected response from SecurityTrails: oops',
  ],
  [
    { kind: 'html', status: 502 },
    'unknown',
    'Unexpected response from SecurityTrails: (HTML page)',
  ],
  [{ kind: 'reset' }, 'unknown', 'Unable to connect to SecurityTrails'],
  [{ kind: 'hang-headers' }, 'unknown', 'SecurityTrails did not answer in time'],
  [{ kind: 'malformed' }, 'unknown', 'The answer of SecurityTrails is not valid JSON'],
  [{ kind: 'html' }, 'unknown', 'The answer of SecurityTrails is not valid JSON'],
  [
    {
      kind: 'status',
      status: 429,
      body: { message: "You've exceeded the usage limits for your account." },
    },
    'too many requests',
    'Unexpected response from SecurityTrails: {"message":"You\'ve exceeded the usage limits for your account."}',
  ],
] as const;

describe('health', () => {
  it('is ok for both kinds of token, and asks SecurityTrails each time', async () => {
    const before = stack.simulator.counters().byEndpoint['ping'] ?? 0;
    for (const bearer of [token(), platform.token()]) {
      const headers = { authorization: `Bearer ${bearer}` };
      const { status, json } = await post(stack.relay.url, '/health', {}, headers);
      expect([status, json]).toEqual([200, { data: { status: 'ok' } }]);
    }
    expect(stack.simulator.counters().byEndpoint['ping']).toBe(before + 2);
  });

  it.each(['', '{}', 'not JSON'])('does not read its body: %j', async (body) => {
    const { text } = await send('/health', { body });
    expect(JSON.parse(text)).toEqual({ data: { status: 'ok' } });
  });

  it.each(PING_FAULTS)('tells of %j', async (fault, code, message) => {
    const key = `key-${JSON.stringify(fault)}`;
    const takeAway = stack.simulator.fault({ ...fault, match: { endpoint: 'ping', key } });
    const errors = [{ code, message, type: 'fatal' }];
    const { status, text } = await send('/health', {
      headers: { authorization: `Bearer ${platform.token({ key })}` },
    });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ errors });
    const { json } = await post(
      stack.relay.url,
      '/health',
      {},
      {
        authorization: `Bearer ${token({ key })}`,
      },
    );
    takeAway();
    expect(json).toEqual({ data: {}, errors: [expect.objectContaining({ code, type: 'fatal' })] });
  });

  it('waits out a throttle', async () => {
    const key = 'throttled-once';
    stack.simulator.fault({ kind: 'status', status: 429, times: 1, match: { key } });
    const headers = { authorization: `Bearer ${token({ key })}` };
    const { json } = await post(stack.relay.url, '/health', {}, headers);
    expect(json).toEqual({ data: { status: 'ok' } });
  });

  it.each(['\u043a\u043b\u044e\u0447', 'line\nbreak', 'null\u0000'])(
    'tells that the key %j cannot be sent',
    async (key) => {
      const before = stack.simulator.counters().total;
      const { json } = await post(
        stack.relay.url,
        '/health',
        {},
        {
          authorization: `Bearer ${platform.token({ key })}`,
        },
      );
      expect(json).toEqual({
        errors: [
          {
            code: 'authorization error',
            message: 'Authorization failed: Invalid authentication credentials',
            type: 'fatal',
          },
        ],
      });
      expect(stack.simulator.counters().total).toBe(before);
    },
  );

  it('shows the vendor no key but the caller’s', async () => {
    stack.simulator.resetCounters();
    await post(
      stack.relay.url,
      '/health',
      {},
      {
        authorization: `Bearer ${token({ key: 'another-key' })}`,
      },
    );
    const { byKey } = stack.simulator.counters();
    expect(Object.keys(byKey)).toEqual([stack.simulator.digestOf('another-key')]);
  });
});

describe('the headers of an answer', () => {
  const calls = [
    ['POST', '/observe/observables'],
    ['POST', '/refer/observables'],
    ['POST', '/health'],
    ['POST', '/version'],
    ['GET', '/watchdog'],
    ['GET', '/livez'],
    ['GET', '/no/such/path'],
    ['GET', '/health'],
  ] as const;

  it.each(calls)('%s %s is JSON that nobody caches or guesses at', async (method, path) => {
    const { headers } = await send(path, { method, body: '[]' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it.each(calls)('%s %s gives back the id of the request', async (method, path) => {
    const given = await send(path, { method, body: '[]', headers: { 'x-request-id': 'r-1:a.b' } });
    expect(given.headers['x-request-id']).toBe('r-1:a.b');
    const made = await send(path, { method, body: '[]' });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['two words', '"quoted"', 'x'.repeat(129), '<b>'])(
    'replaces the unusable request id %s',
    async (id) => {
      const { headers } = await send('/version', { headers: { 'x-request-id': id } });
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it.each(['', 'GET /health', 'a:b:c'])('survives the odd Host %j', async (host) => {
    const { status } = await send('/version', { headers: { host } });
    expect(status).toBe(200);
  });
});
