import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator } from '../simulator.js';

const KEY = 'canary-key';
const PATH = '/history/quiet.example.com/dns/a';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ keys: { [KEY]: {}, other: {} } });
});

afterEach(async () => {
  await simulator.close();
});

function ask(path = PATH, init: RequestInit = {}): Promise<Response> {
  return fetch(`${simulator.url}${path}`, {
    headers: { apikey: KEY },
    redirect: 'manual',
    ...init,
  });
}

/** The answer's head, its body not yet read. */
async function head(): Promise<IncomingMessage> {
  const asked = request(`${simulator.url}${PATH}`, { headers: { apikey: KEY } }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

describe('matching', () => {
  it.each([
    [{ endpoint: 'history' as const }, [500, 500, 200]],
    [{ host: 'Quiet.Example.com' }, [500, 200, 200]],
    [{ recordType: 'ns' as const }, [200, 500, 200]],
    [{ page: 1, endpoint: 'domain' as const }, [200, 200, 500]],
    [{ key: KEY }, [500, 500, 500]],
    [{ key: 'other' }, [200, 200, 200]],
    [undefined, [500, 500, 500]],
  ])('hits with %j the right ones of three requests', async (match, statuses) => {
    simulator.fault({ kind: 'status', match });
    const answers = [
      await ask(),
      await ask('/history/moved.example.com/dns/ns'),
      await ask('/domain/moved.example.com'),
    ];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
  });

  it('finds a list request by its address', async () => {
    simulator.fault({ kind: 'status', status: 503, match: { host: '192.0.2.9' } });
    const list = (ipv4: string) =>
      ask('/domains/list', { method: 'POST', body: JSON.stringify({ filter: { ipv4 } }) });
    expect((await list('192.0.2.9')).status).toBe(503);
    expect((await list('192.0.2.10')).status).toBe(200);
  });

  it('ends after the given times, the oldest rule first', async () => {
    simulator.fault({ kind: 'status', status: 502, times: 1 });
    simulator.fault({ kind: 'status', status: 503, times: 2 });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) {
      statuses.push((await ask()).status);
    }
    expect(statuses).toEqual([502, 503, 503, 200]);
    expect(simulator.faults()).toEqual([]);
  });

  it('is taken away one by one or all at once, and shows no key', async () => {
    const takeAway = simulator.fault({ kind: 'status', match: { key: KEY } });
    simulator.fault({ kind: 'html' });
    expect(simulator.faults()).toMatchObject([
      { rule: { match: { key: simulator.digestOf(KEY) } }, left: null, hits: 0 },
      { rule: { kind: 'html' } },
    ]);
    takeAway();
    expect(simulator.faults()).toHaveLength(1);
    simulator.clearFaults();
    expect((await ask()).status).toBe(200);
  });

  it('costs the key nothing when no usual answer is made', async () => {
    simulator.fault({ kind: 'status', times: 3 });
    await Promise.all([ask(), ask(), ask()]);
    const usage = (await (await ask('/account/usage')).json()) as object;
    expect(usage).toMatchObject({ current_monthly_usage: 1 });
  });
});

describe('error answers', () => {
  it.each([
    [401, null, 'Please check user credentials'],
    [403, 'application/json; charset=utf-8', /not available for your subscription package/],
    [429, 'application/json; charset=utf-8', /API rate limit exceeded/],
    [503, 'application/json; charset=utf-8', /message/],
  ])('%i has the body of the vendor', async (status, type, text) => {
    simulator.fault({ kind: 'status', status });
    const answer = await ask();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
    expect(await answer.text()).toMatch(text);
  });

  it('takes a body of its own, as text or as JSON', async () => {
    simulator.fault({ kind: 'status', status: 500, body: 'oops', times: 1 });
    simulator.fault({ kind: 'status', status: 429, body: { message: 'usage limits' } });
    expect(await (await ask()).text()).toBe('oops');
    expect(await (await ask()).json()).toEqual({ message: 'usage limits' });
  });

  it('sends an HTML page, JSON of another shape, and a redirect', async () => {
    simulator.fault({ kind: 'html', times: 1 });
    simulator.fault({ kind: 'shape', times: 1 });
    simulator.fault({ kind: 'redirect' });
    const page = await ask();
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(await (await ask()).json()).toMatchObject({ pages: 'many' });
    const moved = await ask();
    expect([moved.status, moved.headers.get('location')]).toEqual([302, '/v1/ping']);
  });

  it('sends JSON that cannot be parsed, whole', async () => {
    simulator.fault({ kind: 'malformed' });
    const answer = await ask();
    const body = await answer.text();
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
    expect(() => JSON.parse(body) as unknown).toThrow(SyntaxError);
  });
});

describe('broken connections', () => {
  it('resets', async () => {
    simulator.fault({ kind: 'reset' });
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(simulator.requests()).toMatchObject([{ status: 0 }]);
  });

  it('ends in the middle of the body', async () => {
    simulator.fault({ kind: 'truncated' });
    const answer = await head();
    await expect(buffer(answer)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('hangs before the headers', async () => {
    simulator.fault({ kind: 'hang-headers' });
    const asked = ask(PATH, { signal: AbortSignal.timeout(150) });
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('hangs in the body after half of it', async () => {
    simulator.fault({ kind: 'hang-body' });
    const answer = await head();
    const [half] = (await once(answer, 'data')) as [Buffer];
    const announced = Number(answer.headers['content-length']);
    expect(half.length).toBe(Math.ceil(announced / 2));
    answer.destroy();
  });

  it('is closed while it hangs', async () => {
    simulator.fault({ kind: 'hang-headers', times: 1 });
    simulator.fault({ kind: 'delay', delayMs: 3_600_000, times: 1 });
    simulator.fault({ kind: 'hang-body' });
    const hanging = Promise.allSettled([ask(), ask(), ask().then((answer) => answer.text())]);
    while (simulator.counters().total < 3) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await simulator.close();
    expect((await hanging).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'rejected',
    ]);
  });
});

describe('slow and large answers', () => {
  it('delays the usual answer', async () => {
    const usual = await (await ask()).text();
    simulator.fault({ kind: 'delay', delayMs: 60 });
    const start = performance.now();
    const late = await (await ask()).text();
    expect(performance.now() - start).toBeGreaterThan(55);
    expect(late).toBe(usual);
  });

  it('survives a caller that leaves during the delay', async () => {
    simulator.fault({ kind: 'delay', delayMs: 60, times: 1 });
    await expect(ask(PATH, { signal: AbortSignal.timeout(20) })).rejects.toThrow();
    while (simulator.requests()[0]?.status === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await ask()).status).toBe(200);
  });

  it('drips byte by byte', async () => {
    simulator.fault({ kind: 'drip', delayMs: 1, match: { endpoint: 'ping' } });
    const answer = await ask('/ping');
    const sizes: number[] = [];
    for await (const chunk of answer.body ?? []) {
      sizes.push((chunk as Uint8Array).length);
    }
    expect(sizes.length).toBeGreaterThan(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe('{"success":true}'.length);
  });

  it('sends a huge history that is well-formed', async () => {
    simulator.fault({ kind: 'huge', bytes: 3_000_000 });
    const text = await (await ask()).text();
    expect(text.length).toBeGreaterThan(3_000_000);
    expect((JSON.parse(text) as { records: unknown[] }).records.length).toBeGreaterThan(10_000);
  });

  it('sends little that unpacks to much', async () => {
    simulator.fault({ kind: 'gzip-bomb', bytes: 5_000_000 });
    const packed = await buffer(await head());
    expect(packed.length).toBeLessThan(50_000);
    expect(gunzipSync(packed).length).toBeGreaterThan(5_000_000);
  });

  it('stops a huge answer when the caller leaves', async () => {
    simulator.fault({ kind: 'huge', times: 1 });
    const answer = await head();
    await once(answer, 'data');
    answer.destroy();
    expect((await ask()).status).toBe(200);
  });
});
