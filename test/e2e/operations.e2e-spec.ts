import { execFile } from 'node:child_process';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../support/eventually.js';
import { asDomains, asIps, observe } from '../support/observing.js';
import { dumpRedis } from '../support/redis-dump.js';
import type { RelayStack } from '../support/relay-stack.js';
import { API_KEY, post, SECRET_KEY, startStack, token } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';

const CRAWLED_NAME = 'moved.example.com';
const CRAWLED_ADDRESS = '198.18.0.1';
const METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

let stack: RelayStack;
let hasty: ServiceProcess;
let worker: ServiceProcess;
/** Every answer that a caller got. */
const told: string[] = [];

beforeAll(async () => {
  stack = await startStack({ env: { LOG_LEVEL: 'trace' } });
  [hasty, worker] = await Promise.all([
    stack.add('relay', { CACHE_FRESH_SECONDS: '0' }),
    stack.add('worker'),
  ]);
  await liveThroughMuch();
}, 40_000);

afterAll(() => stack.stop());

/** A bit of everything: hits, misses, refusals, faults that echo the key, a job of the worker. */
async function liveThroughMuch(): Promise<void> {
  const { simulator, relay } = stack;
  simulator.setHosts(CRAWLED_ADDRESS, ['one.example.com']);
  const echo = { message: `no such key: ${API_KEY}`, request: { headers: { apikey: API_KEY } } };
  for (const status of [401, 403, 418, 500]) {
    const match = { host: `fails-${status}.example.com` };
    simulator.fault({ kind: 'status', status, body: echo, match });
    told.push(JSON.stringify(await observe(relay.url, asDomains(match.host))));
  }
  simulator.fault({ kind: 'malformed', body: `{${API_KEY}`, match: { host: 'bad.example.com' } });
  simulator.fault({ kind: 'reset', match: { host: 'reset.example.com' } });
  told.push(
    JSON.stringify(await observe(relay.url, asDomains('bad.example.com', 'reset.example.com'))),
  );
  for (const { url } of [relay, hasty, relay]) {
    told.push(
      JSON.stringify(await observe(url, [...asDomains(CRAWLED_NAME), ...asIps(CRAWLED_ADDRESS)])),
    );
  }
  simulator.setHosts('198.18.0.2', ['stale.example.com']);
  told.push(JSON.stringify(await observe(hasty.url, asIps('198.18.0.2'))));
  told.push(JSON.stringify(await observe(relay.url, asIps('198.18.0.2'))));
  const bad = [
    `Bearer ${token()}x`,
    `Bearer x${token()}`,
    `Basic ${SECRET_KEY}`,
    `Bearer ${API_KEY}`,
  ];
  for (const authorization of bad) {
    told.push((await post(relay.url, '/health', {}, { authorization })).text);
  }
  const withSecrets = `/observe/observables?token=${token()}&apikey=${API_KEY}`;
  told.push((await post(relay.url, withSecrets, `[{"type":"${API_KEY}"}]`)).text);
  told.push((await post(relay.url, '/health', {})).text);
}

function linesOf(process: ServiceProcess): Record<string, unknown>[] {
  return process.output.map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function metricsOf({ url }: ServiceProcess): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toBe(METRICS_TYPE);
  return response.text();
}

describe('the log', () => {
  it('is JSON, line by line, with level, time and process', () => {
    for (const service of [stack.relay, hasty, worker]) {
      const lines = linesOf(service);
      expect(lines.length).toBeGreaterThan(1);
      for (const line of lines) {
        expect(line).toMatchObject({
          level: expect.stringMatching(/^(?:trace|debug|info|warn|error)$/),
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          name: service === worker ? 'worker' : 'relay',
        });
      }
    }
  });

  it('tells of an observe call who asked, what came of it, how old it was and what it cost', async () => {
    stack.simulator.setHosts('198.18.0.3', ['one.example.com']);
    for (const id of ['log-1', 'log-2']) {
      const headers = { authorization: `Bearer ${token()}`, 'x-request-id': id };
      await post(stack.relay.url, '/observe/observables', asIps('198.18.0.3'), headers);
    }
    const line = (id: string) => linesOf(stack.relay).find(({ requestId }) => requestId === id);
    const first = await eventually(
      () => line('log-1'),
      (found) => found !== undefined,
    );
    expect(first).toMatchObject({
      event: 'request',
      method: 'POST',
      path: '/observe/observables',
      status: 200,
      outcome: 'ok',
      tenant: expect.stringMatching(/^[0-9a-f]{32}$/),
      observables: 1,
      upstreamCalls: 1,
      ageMs: expect.any(Number),
      durationMs: expect.any(Number),
    });
    const second = await eventually(
      () => line('log-2'),
      (found) => found !== undefined,
    );
    expect(second).toMatchObject({ outcome: 'ok', upstreamCalls: 0 });
  });

  it('tells of a failure, of a refusal and why', async () => {
    const ids = ['log-failed', 'log-refused', 'log-invalid'];
    const good = `Bearer ${token()}`;
    await post(stack.relay.url, '/observe/observables', asDomains('fails-418.example.com'), {
      authorization: good,
      'x-request-id': 'log-failed',
    });
    await post(stack.relay.url, '/observe/observables', [], { 'x-request-id': 'log-refused' });
    await post(stack.relay.url, '/observe/observables', '{}', {
      authorization: good,
      'x-request-id': 'log-invalid',
    });
    const outcomes = await eventually(
      () =>
        ids.map(
          (id) => linesOf(stack.relay).find(({ requestId }) => requestId === id)?.['outcome'],
        ),
      (found) => !found.includes(undefined),
    );
    expect(outcomes).toEqual(['failed', 'refused: missing-header', 'refused: invalid argument']);
  });
});

describe('a secret', () => {
  /** The key and the secret, plain and in the forms that they travel in. */
  function canaries(): string[] {
    const [header = '', claims = '', signature = ''] = token().split('.');
    return [
      API_KEY,
      SECRET_KEY,
      Buffer.from(API_KEY).toString('base64'),
      `${header}.${claims}`,
      claims,
      signature,
    ];
  }

  function expectNoCanary(text: string): void {
    expect(text.length).toBeGreaterThan(0);
    expect(canaries().filter((canary) => text.includes(canary))).toEqual([]);
  }

  it('is in no line of any process', () => {
    for (const { output } of [stack.relay, hasty, worker]) {
      expectNoCanary(output.join('\n'));
    }
  });

  it('is in no key and no value of Redis, jobs included', async () => {
    const held = await eventually(
      () => dumpRedis(stack.redis.url),
      (dump) => dump.includes('{st}:refresh'),
    );
    expect(held).toContain(CRAWLED_NAME);
    expect(held).toContain('st:worker:');
    expectNoCanary(held);
  });

  it('is in no metric', async () => {
    for (const service of [stack.relay, hasty, worker]) {
      expectNoCanary(await metricsOf(service));
    }
  });

  it('is in no answer and no error', () => {
    const all = told.join('\n');
    expect(all).toContain('Unexpected response from SecurityTrails');
    expect(all).toContain('Authorization failed');
    expectNoCanary(all);
  });

  it('is in neither the documentation nor the probes', async () => {
    for (const path of ['/docs', '/openapi.json', '/livez', '/readyz']) {
      const response = await fetch(`${stack.relay.url}${path}`);
      expectNoCanary(await response.text());
    }
  });
});

describe('the metrics', () => {
  it('count look-ups by type and outcome, and upstream calls by endpoint and status', async () => {
    const body = await metricsOf(stack.relay);
    expect(body).toMatch(/^st_lookups_total\{type="domain",outcome="miss"\} [1-9]/m);
    expect(body).toMatch(/^st_lookups_total\{type="domain",outcome="error"\} [1-9]/m);
    expect(body).toMatch(/^st_lookups_total\{type="ip",outcome="(?:hit|stale)"\} [1-9]/m);
    expect(body).toMatch(
      /^st_upstream_calls_total\{endpoint="history",status="200",lane="interactive",cause="OBSERVE"\} [1-9]/m,
    );
    expect(body).toMatch(/^st_upstream_calls_total\{endpoint="history",status="bad_key",/m);
    expect(body).toMatch(/^st_upstream_call_seconds_bucket\{/m);
    expect(body).toMatch(/^st_build_info\{process="relay",version="\d+\.\d+\.\d+"/m);
    for (const gauge of ['governor_waiting_calls', 'cache_flights', 'cache_memory_entries']) {
      expect(body).toMatch(new RegExp(`^st_${gauge} \\d+$`, 'm'));
    }
    expect(body).toMatch(/^process_cpu_/m);
    expect(body).toMatch(/# EOF\n?$/);
  });

  it('of the worker are there too', async () => {
    const body = await eventually(
      () => metricsOf(worker),
      (text) => /^st_upstream_calls_total\{.*lane="background",cause="REFRESH"\} [1-9]/m.test(text),
    );
    expect(body).toMatch(/^st_build_info\{process="worker"/m);
  });

  it('name no observable and no tenant', async () => {
    for (const service of [stack.relay, hasty, worker]) {
      const labels = (await metricsOf(service)).match(/\{[^}]*\}/g)?.join('\n') ?? '';
      expect(labels).not.toContain('example.com');
      expect(labels).not.toContain('198.18.');
      expect(labels).not.toMatch(/[0-9a-f]{32}/);
    }
  });
});

describe('the probes', () => {
  it('say that all is well', async () => {
    for (const { url } of [stack.relay, worker]) {
      const live = await fetch(`${url}/livez`);
      expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
      const ready = await fetch(`${url}/readyz`);
      expect(ready.status).toBe(200);
      expect(await ready.json()).toMatchObject({ status: 'ready' });
    }
  });

  it('do not depend on SecurityTrails', async () => {
    const takeAway = stack.simulator.fault({ kind: 'hang-headers' });
    stack.simulator.resetCounters();
    const ready = await fetch(`${stack.relay.url}/readyz`);
    takeAway();
    expect(await ready.json()).toMatchObject({ status: 'ready' });
    expect(stack.simulator.counters().byEndpoint['ping']).toBeUndefined();
  });
});

describe('the documentation', () => {
  /** What a browser would load. */
  function references(html: string): string[] {
    return [...html.matchAll(/(?:src|href|action)\s*=\s*["']([^"']+)["']/g)].map(
      ([, reference]) => reference ?? '',
    );
  }

  it('is a page that loads nothing from elsewhere, and all of it is there', async () => {
    const page = await fetch(`${stack.relay.url}/docs`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const found = references(html);
    expect(found.length).toBeGreaterThan(2);
    expect(found.filter((reference) => /^(?:[a-z]+:)?\/\//i.test(reference))).toEqual([]);
    expect(html).not.toMatch(/@import|url\(\s*["']?https?:/);
    const base = page.url.endsWith('/') ? page.url : `${stack.relay.url}/docs`;
    for (const reference of found) {
      const asset = await fetch(new URL(reference, base));
      await asset.body?.cancel();
      expect([reference, asset.status]).toEqual([reference, 200]);
    }
  });

  it('names every endpoint as OpenAPI, and no server elsewhere', async () => {
    const response = await fetch(`${stack.relay.url}/openapi.json`);
    expect(response.headers.get('content-type')).toContain('application/json');
    const {
      openapi,
      paths,
      servers = [],
    } = (await response.json()) as {
      openapi: string;
      paths: Record<string, object>;
      servers?: object[];
    };
    expect(openapi).toMatch(/^3\./);
    expect(Object.keys(paths).sort()).toEqual(
      expect.arrayContaining([
        '/deliberate/observables',
        '/health',
        '/observe/observables',
        '/refer/observables',
        '/version',
        '/watchdog',
      ]),
    );
    expect(servers).toEqual([]);
  });
});

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(name: string, env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ending> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [`dist/apps/${name}/src/main.js`, ...args],
      { env: { PATH: process.env['PATH'], ...env } },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      },
    );
  });
}

describe('the configuration', () => {
  const good = {
    SECRET_KEY,
    JWKS_HOSTS: '',
    REDIS_URL: 'redis://user:CANARY-redis-password@127.0.0.1:6379',
  };

  it('is shown by --check-config without any secret', async () => {
    const { code, stdout, stderr } = await run('relay', good, '--check-config');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^SECRET_KEY=\[set\]$/m);
    expect(stdout).toMatch(/^SECURITYTRAILS_API_KEY=\[unset\]$/m);
    expect(stdout).toMatch(/^PORT=9090$/m);
    expect(stdout).toMatch(/^REDIS_URL=redis:\/\/.*127\.0\.0\.1:6379$/m);
    expect(stdout).not.toContain('CANARY');
  });

  it.each([
    ['relay', { ...good, PORT: 'CANARY-port' }, ['PORT']],
    ['relay', { ...good, SECRET_KEY: '' }, ['JWKS_HOSTS']],
    ['relay', { ...good, JWKS_HOSTS: 'keys.example.com' }, ['PUBLIC_URL']],
    ['relay', {}, ['PUBLIC_URL']],
    ['relay', { ...good, REDIS_URL: 'http://u:CANARY-pw@127.0.0.1' }, ['REDIS_URL']],
    [
      'relay',
      { ...good, SIGHTING_TIME: 'CANARY', SECURITYTRAILS_RPS: '0' },
      ['SECURITYTRAILS_RPS', 'SIGHTING_TIME'],
    ],
    ['worker', { SECURITYTRAILS_API_KEY_FILE: '/no/such/CANARY' }, ['SECURITYTRAILS_API_KEY_FILE']],
    ['worker', { ...good }, ['SECURITYTRAILS_API_KEY']],
  ])('stops a %s at once that was given %j, and names %j', async (name, env, names) => {
    const { code, stdout, stderr } = await run(name, env);
    expect([code, stdout]).toEqual([78, '']);
    const lines = stderr.trimEnd().split('\n');
    const faulty = lines.map((line) => /[A-Z][A-Z_]+/.exec(line)?.[0]).sort();
    expect(faulty).toEqual(names);
    expect(lines.filter((line) => !/^[A-Z_]+: .+, e\.g\. .+$/.test(line))).toEqual([]);
    expect(stderr.replaceAll('/no/such/CANARY', '')).not.toContain('CANARY');
  });
});
