import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallGate } from './call-gate.port.js';
import type { CallContext } from './caller.js';
import type { ClientOptions } from './client.js';
import { SecurityTrailsClient } from './client.js';
import { SecurityTrailsError } from './errors.js';
import type { SecurityTrailsSession } from './session.js';
import { historyBody, listBody } from './testing/bodies.js';
import type { Answer, LocalUpstream } from './testing/local-upstream.js';
import { inTurn, json, localUpstream, text } from './testing/local-upstream.js';
import { RecordingGate } from './testing/recording-gate.js';

const KEY = 'CANARY-91be';
const PING = json(200, { success: true });

let gate: RecordingGate;
let slept: number[];
let server: LocalUpstream | undefined;
let client: SecurityTrailsClient | undefined;

beforeEach(() => {
  gate = new RecordingGate();
  slept = [];
});

afterEach(async () => {
  await client?.close();
  await server?.close();
});

/** A session to a server that answers as told; waits are noted, not waited. */
async function sessionTo(
  answer: Answer,
  context: Partial<CallContext> = {},
  options: Partial<ClientOptions> = {},
): Promise<SecurityTrailsSession> {
  server = await localUpstream(answer);
  client = new SecurityTrailsClient({
    baseUrl: `${server.url}/v1`,
    timeoutMs: 5_000,
    userAgent: 'relay-test/1.0',
    random: () => 0.5,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    ...options,
  });
  return client.session({ apiKey: KEY, gate, ...context });
}

async function failure(work: Promise<unknown>): Promise<SecurityTrailsError> {
  const cause: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (cause instanceof SecurityTrailsError) {
    return cause;
  }
  throw new Error(`no SecurityTrailsError: ${String(cause)}`);
}

async function pings(session: SecurityTrailsSession, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await session.ping();
  }
}

describe('SecurityTrailsSession: requests', () => {
  it('sends the key as a header and nowhere else', async () => {
    const session = await sessionTo(PING);
    await session.ping();
    expect(server?.received[0]).toMatchObject({
      method: 'GET',
      url: '/v1/ping',
      body: '',
      headers: {
        apikey: KEY,
        accept: 'application/json',
        'accept-encoding': 'gzip',
        'user-agent': 'relay-test/1.0',
      },
    });
  });

  it('asks for a page of history without a ping before it', async () => {
    const session = await sessionTo(json(200, historyBody(1, 1)));
    const page = await session.history.page('example.com', 'aaaa', 3);
    expect(page).toMatchObject({ recordType: 'aaaa', page: 3, pages: 1 });
    expect(server?.received.map(({ url }) => url)).toEqual([
      '/v1/history/example.com/dns/aaaa?page=3',
    ]);
  });

  it('walks through the pages of a history, each through the gate', async () => {
    const session = await sessionTo(
      inTurn(json(200, historyBody(100, 3)), json(200, historyBody(100, 3)), json(404, {})),
    );
    const seen: number[] = [];
    for await (const { page } of session.history.pages('example.com', 'a', { max: 9 })) {
      seen.push(page);
    }
    expect(seen).toEqual([1, 2]);
    expect(server?.received.map(({ url }) => url.slice(-6))).toEqual([
      'page=1',
      'page=2',
      'page=3',
    ]);
    expect(gate.entered).toHaveLength(3);
  });

  it.each([{ ipv4: '192.0.2.10' }, { ipv6: '2001:db8::1' }])(
    'posts a list filter as JSON: %j',
    async (filter) => {
      const session = await sessionTo(json(200, listBody(['shop.example.com'])));
      const page = await session.domains.list(filter, 2);
      expect(page.hosts.map(({ hostname }) => hostname)).toEqual(['shop.example.com']);
      expect(server?.received[0]).toMatchObject({
        method: 'POST',
        url: '/v1/domains/list?page=2',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ filter }),
      });
    },
  );

  it('asks for a domain, its subdomains and the usage', async () => {
    const session = await sessionTo(
      inTurn(
        json(200, { hostname: 'example.com', current_dns: {} }),
        json(200, { subdomains: ['www'] }),
        json(200, { current_monthly_usage: 1, allowed_monthly_usage: 50 }),
      ),
    );
    expect(await session.domain.get('example.com')).toMatchObject({ hostname: 'example.com' });
    expect(await session.domain.subdomains('example.com')).toMatchObject({ labels: ['www'] });
    expect(await session.usage()).toEqual({ used: 1, allowed: 50 });
    expect(server?.received.map(({ url }) => url)).toEqual([
      '/v1/domain/example.com',
      '/v1/domain/example.com/subdomains',
      '/v1/account/usage',
    ]);
    expect(gate.entered.map(({ endpoint }) => endpoint)).toEqual(['domain', 'subdomains', 'usage']);
  });

  it.each(['../../account/usage?', 'a/../b', 'x?apikey=1#', '%2e%2e/ping', 'a\r\nHost: x'])(
    'keeps %j within its own segment on the wire',
    async (host) => {
      const session = await sessionTo(json(200, historyBody(0, 0)));
      await session.history.page(host, 'a', 1);
      expect(server?.received.map(({ url }) => url)).toEqual([
        `/v1/history/${encodeURIComponent(host)}/dns/a?page=1`,
      ]);
    },
  );

  it.each(['', '.', '..'])('sends nothing for the name %j', async (host) => {
    const session = await sessionTo(PING);
    expect(await failure(session.domain.get(host))).toMatchObject({
      code: 'invalid_name',
      endpoint: 'domain',
    });
    expect(server?.received).toHaveLength(0);
    expect(gate.entered).toHaveLength(0);
  });
});

describe('SecurityTrailsSession: keys', () => {
  it.each(['ключ', 'a\r\nX-Injected: 1', 'a\nb', ' leading', 'a\u0000b', '😀'])(
    'sends nothing with the key %j',
    async (apiKey) => {
      const session = await sessionTo(PING, { apiKey });
      const error = await failure(session.ping());
      expect(error).toMatchObject({ code: 'unencodable_key', status: undefined });
      expect(inspect(error)).not.toContain(apiKey);
      expect(server?.received).toHaveLength(0);
      expect(gate.entered).toHaveLength(0);
    },
  );

  it('sends an empty key for upstream to refuse', async () => {
    const session = await sessionTo(text(401, 'Please check user credentials'), { apiKey: '' });
    expect((await failure(session.ping())).code).toBe('bad_key');
  });

  it('shows the key in no error, whatever upstream echoes', async () => {
    const echo: Answer = (response, request) => {
      response.writeHead(Number(new URL(request.url, 'http://x').searchParams.get('page')));
      response.end(JSON.stringify({ message: `no: ${String(request.headers['apikey'])}` }));
    };
    const session = await sessionTo(echo);
    const shown: string[] = [];
    for (const status of [200, 302, 400, 401, 403, 404, 418, 429, 500]) {
      const error = await failure(session.history.page('example.com', 'a', status));
      shown.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error));
    }
    expect(shown.join()).toContain('[redacted]');
    expect(shown.join()).not.toContain(KEY);
    expect(inspect([client, session, gate], { depth: 9 })).not.toContain(KEY);
  });
});

describe('SecurityTrailsSession: the gate', () => {
  it('is asked before and told after every call, with its duration', async () => {
    let now = 1_000;
    const clock = () => (now += 40);
    const session = await sessionTo(PING, {}, { clock });
    await session.ping();
    const call = { endpoint: 'ping', attempt: 1 };
    expect(gate.entered).toEqual([call]);
    expect(gate.left).toEqual([{ call, outcome: { status: 200, durationMs: 80 } }]);
    expect(server?.received[0]?.headers['x-request-id']).toBe('call-1');
  });

  it('stops a call with its own error, and is then told nothing', async () => {
    const closed = new Error('circuit open');
    const refusing = { enter: () => Promise.reject(closed) };
    const session = await sessionTo(PING, { gate: refusing });
    await expect(session.ping()).rejects.toBe(closed);
    expect(server?.received).toHaveLength(0);
  });

  it.each([
    [401, 'Please check user credentials', { error: 'bad_key', status: 401 }],
    [404, '', { error: 'not_found', status: 404 }],
    [200, '{}', { error: 'shape', status: 200 }],
    [200, 'oops', { error: 'malformed', status: 200 }],
    [429, 'usage limits', { error: 'quota', status: 429, quotaExhausted: true }],
  ])('is told of %i %j', async (status, body, outcome) => {
    const session = await sessionTo(text(status, body));
    await failure(session.usage());
    expect(gate.outcomes).toEqual([outcome]);
  });

  it('is told of a call that was given up while it waited', async () => {
    const abort = new AbortController();
    const slow: CallGate = {
      enter: (call) => {
        abort.abort();
        return gate.enter(call);
      },
    };
    const session = await sessionTo(PING, { gate: slow, signal: abort.signal });
    expect((await failure(session.ping())).code).toBe('aborted');
    expect(server?.received).toHaveLength(0);
    expect(gate.outcomes).toEqual([{ error: 'aborted' }]);
  });

  it('is not asked for a call that was given up before', async () => {
    const session = await sessionTo(PING, { signal: AbortSignal.abort() });
    expect((await failure(session.ping())).code).toBe('aborted');
    expect(gate.entered).toHaveLength(0);
  });
});

describe('SecurityTrailsSession: retries', () => {
  it('does not retry a failure before anything was answered', async () => {
    const session = await sessionTo(json(503, {}));
    expect((await failure(session.ping())).code).toBe('server');
    expect(server?.received).toHaveLength(1);
    expect(slept).toEqual([]);
  });

  it('retries once after ten answers, through the gate again', async () => {
    const ok = Array.from({ length: 10 }, () => PING);
    const session = await sessionTo(inTurn(PING, ...ok.slice(1), json(503, {}), PING));
    await pings(session, 11);
    expect(server?.received).toHaveLength(12);
    expect(slept).toEqual([550]);
    expect(gate.entered.slice(-2).map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(gate.outcomes.slice(-2)).toEqual([{ status: 503, error: 'server' }, { status: 200 }]);
  });

  it('adds a tenth at most to what is asked of a dead upstream', async () => {
    const healthy = Array.from({ length: 40 }, () => PING);
    const session = await sessionTo(inTurn(PING, ...healthy.slice(1), json(500, {})));
    await pings(session, 40);
    for (let i = 0; i < 60; i += 1) {
      await failure(session.ping());
    }
    expect(server?.received).toHaveLength(104);
  });

  it('shares the budget over all sessions of a client', async () => {
    const ok = Array.from({ length: 10 }, () => PING);
    const session = await sessionTo(inTurn(PING, ...ok.slice(1), json(503, {}), PING));
    await pings(session, 10);
    await client?.session({ apiKey: 'another', gate }).ping();
    expect(server?.received).toHaveLength(12);
  });

  it('lets answers of "nothing known" pay, but not refused keys', async () => {
    const budget = { retryBudget: { answersPerRetry: 1, cap: 1 } };
    const paid = await sessionTo(inTurn(json(404, {}), json(503, {})), {}, budget);
    await failure(paid.ping());
    await failure(paid.ping());
    expect(server?.received).toHaveLength(3);
    await client?.close();
    await server?.close();
    const unpaid = await sessionTo(inTurn(json(401, {}), json(503, {})), {}, budget);
    await failure(unpaid.ping());
    await failure(unpaid.ping());
    expect(server?.received).toHaveLength(2);
  });

  it('waits out a throttle twice, telling the gate each time', async () => {
    const limited = json(429, { message: 'API rate limit exceeded' });
    const session = await sessionTo(inTurn(limited, limited, PING));
    await session.ping();
    expect(slept).toEqual([1_250, 1_250]);
    expect(gate.outcomes).toEqual([
      { status: 429, error: 'throttled', throttle: {} },
      { status: 429, error: 'throttled', throttle: {} },
      { status: 200 },
    ]);
  });

  it('gives a throttle up at the third, with the wait that was told', async () => {
    const session = await sessionTo(text(429, '', { 'retry-after': '2' }));
    expect(await failure(session.ping())).toMatchObject({ code: 'throttled', waitMs: 2_000 });
    expect(slept).toEqual([2_000, 2_000]);
    expect(gate.outcomes[2]).toMatchObject({ throttle: { waitMs: 2_000 } });
  });

  it('never retries a used-up quota', async () => {
    const session = await sessionTo(
      json(429, { message: "You've exceeded the usage limits for your account." }),
    );
    expect((await failure(session.ping())).code).toBe('quota');
    expect(server?.received).toHaveLength(1);
  });

  it('is given up while it waits for a retry, by the real clock', async () => {
    const abort = new AbortController();
    server = await localUpstream((response, request, count) => {
      setImmediate(() => {
        abort.abort();
      });
      return text(429, '')(response, request, count);
    });
    client = new SecurityTrailsClient({ baseUrl: server.url, timeoutMs: 5_000, userAgent: 'x' });
    const session = client.session({ apiKey: KEY, gate, signal: abort.signal });
    expect((await failure(session.ping())).code).toBe('aborted');
    expect(server.received).toHaveLength(1);
  });
});

describe('SecurityTrailsSession: whatever comes', () => {
  it('makes a page or a SecurityTrailsError of any status and any JSON', async () => {
    let next: { status: number; body: unknown } = { status: 200, body: null };
    const session = await sessionTo((response, request, count) =>
      json(next.status, next.body)(response, request, count),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(200, 200, 200, 201, 300, 400, 403, 404, 418, 429, 500, 599),
        fc.jsonValue(),
        async (status, body) => {
          next = { status, body };
          const ended = await session.domains.list({ ipv4: '192.0.2.1' }, 1).then(
            (page) => Array.isArray(page.hosts),
            (cause: unknown) => cause instanceof SecurityTrailsError,
          );
          expect(ended).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
    expect(gate.left).toHaveLength(gate.entered.length);
  });
});
