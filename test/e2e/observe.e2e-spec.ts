import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { asDomains, asIps, observe } from '../support/observing.js';
import type { RelayStack } from '../support/relay-stack.js';
import { startStack } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';

const ID = /^transient:sighting-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ORIGIN = 'SecurityTrails Enrichment Module';

let stack: RelayStack;

beforeAll(async () => {
  stack = await startStack();
  givenHistories();
}, 30_000);

afterAll(() => stack.stop());

beforeEach(() => {
  stack.simulator.clearFaults();
  stack.simulator.resetCounters();
});

function ask(...args: Parameters<typeof observe> extends [string, ...infer Rest] ? Rest : never) {
  return observe(stack.relay.url, ...args);
}

function givenHistories(): void {
  const { simulator } = stack;
  simulator.setHistory('both.example.com', 'a', [
    { first_seen: '2025-03-01', last_seen: '2025-09-30', values: ['9.9.9.9', '10.0.0.2'] },
    { first_seen: '2024-01-15', last_seen: '2025-02-28', values: ['10.0.0.2'] },
  ]);
  simulator.setHistory('both.example.com', 'aaaa', [
    { first_seen: '2025-01-01', last_seen: '2025-01-31', values: ['2001:db8::1'] },
  ]);
  simulator.setHistory('a-only.example.com', 'a', [
    { first_seen: '2025-01-01', last_seen: '2025-01-31', values: ['192.0.2.1'] },
  ]);
  simulator.setHistory('a-only.example.com', 'aaaa', []);
  simulator.setHistory('aaaa-only.example.com', 'a', []);
  simulator.setHistory('aaaa-only.example.com', 'aaaa', [
    { first_seen: '2025-01-01', last_seen: '2025-01-31', values: ['2001:db8::2'] },
  ]);
  simulator.setHistory('none.example.com', 'a', []);
  simulator.setHistory('none.example.com', 'aaaa', []);
  simulator.setHosts('192.0.2.44', ['c.shop.example', 'a.shop.example', 'b.shop.example']);
  simulator.setHosts('2001:db8::44', ['v6.shop.example']);
  simulator.setHosts('192.0.2.45', []);
}

function asked(): string[] {
  return stack.simulator
    .requests()
    .map(({ method, path, page }) => `${method} ${path}?page=${page}`)
    .sort();
}

describe('the sighting of an address', () => {
  it.each([
    ['ip', '192.0.2.44', ['a.shop.example', 'b.shop.example', 'c.shop.example']],
    ['ipv6', '2001:db8::44', ['v6.shop.example']],
  ] as const)('names the domains of an %s', async (type, value, domains) => {
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const { docs, errors } = await ask([{ type, value }]);
    expect(errors).toEqual([]);
    expect(docs).toHaveLength(1);
    expect(docs[0]).toMatchObject({
      schema_version: expect.stringMatching(/^1\.\d+\.\d+$/),
      id: expect.stringMatching(ID),
      type: 'sighting',
      source: 'SecurityTrails',
      title: 'Found in SecurityTrails',
      confidence: 'High',
      internal: false,
      count: domains.length,
      observables: [{ type, value }],
      description: `Domains that have resolved to ${value}`,
      source_uri: `https://securitytrails.com/list/ip/${value}`,
      relations: domains.map((domain) => ({
        origin: ORIGIN,
        relation: 'Resolved_To',
        source: { type: 'domain', value: domain },
        related: { type, value },
      })),
    });
    const { start_time: start, end_time: end } = docs[0]?.observed_time ?? {};
    expect(start).toBe(end);
    expect(Date.parse(start ?? '')).toBeGreaterThanOrEqual(before);
    expect(asked()).toEqual(['POST /v1/domains/list?page=1']);
  });

  it('counts all that upstream counts, beyond the relations listed', async () => {
    const { docs } = await ask(asIps('192.0.2.100'));
    expect(docs[0]?.count).toBe(40_741);
    expect(docs[0]?.relations).toHaveLength(100);
  });

  it('is not there when no name points to it', async () => {
    const { body } = await ask(asIps('192.0.2.45'));
    expect(body).toEqual({ data: {} });
  });
});

describe('the sightings of a domain', () => {
  it('tell its IPv4 addresses first, then its IPv6 addresses', async () => {
    const { docs, errors } = await ask(asDomains('both.example.com'));
    expect(errors).toEqual([]);
    const given = { type: 'domain', value: 'both.example.com' };
    const relation = (type: string, value: string, first: string, last: string) => ({
      origin: ORIGIN,
      relation: 'Resolved_To',
      source: given,
      related: { type, value },
      relation_info: expect.objectContaining({ first_seen: first, last_seen: last }),
    });
    const common = {
      id: expect.stringMatching(ID),
      type: 'sighting',
      source: 'SecurityTrails',
      title: 'Found in SecurityTrails',
      confidence: 'High',
      internal: false,
      observables: [given],
      source_uri: 'https://securitytrails.com/domain/both.example.com/dns',
    };
    expect(docs).toHaveLength(2);
    expect(docs[0]).toMatchObject({
      ...common,
      count: 2,
      description: 'IPv4 addresses that both.example.com resolves to',
      relations: [
        relation('ip', '10.0.0.2', '2024-01-15', '2025-09-30'),
        relation('ip', '9.9.9.9', '2025-03-01', '2025-09-30'),
      ],
    });
    expect(docs[1]).toMatchObject({
      ...common,
      count: 1,
      description: 'IPv6 addresses that both.example.com resolves to',
      relations: [relation('ipv6', '2001:db8::1', '2025-01-01', '2025-01-31')],
    });
    expect(docs[0]?.id).not.toBe(docs[1]?.id);
    expect(asked()).toEqual([
      'GET /v1/history/both.example.com/dns/a?page=1',
      'GET /v1/history/both.example.com/dns/aaaa?page=1',
    ]);
  });

  it('span the history that they tell', async () => {
    const { docs } = await ask(asDomains('both.example.com'));
    expect(docs.map(({ observed_time: time }) => [time.start_time, time.end_time])).toEqual([
      [
        expect.stringMatching(/^2024-01-15T00:00:00/),
        expect.stringMatching(/^2025-09-30T23:59:59/),
      ],
      [
        expect.stringMatching(/^2025-01-01T00:00:00/),
        expect.stringMatching(/^2025-01-31T23:59:59/),
      ],
    ]);
  });

  it.each([
    ['a-only.example.com', 'IPv4 addresses that a-only.example.com resolves to'],
    ['aaaa-only.example.com', 'IPv6 addresses that aaaa-only.example.com resolves to'],
  ])('of %s are one', async (name, description) => {
    const { docs, errors } = await ask(asDomains(name));
    expect(docs).toMatchObject([{ description, count: 1 }]);
    expect(errors).toEqual([]);
    expect(stack.simulator.counters().total).toBe(2);
  });

  it.each(['none.example.com', 'gone.invalid'])('of %s are none', async (name) => {
    const { body } = await ask(asDomains(name));
    expect(body).toEqual({ data: {} });
    expect(stack.simulator.counters().total).toBe(2);
  });
});

describe('several observables', () => {
  it('are answered in the order of the call, whatever is answered first', async () => {
    stack.simulator.fault({ kind: 'delay', delayMs: 150, match: { host: 'slow.example.com' } });
    stack.simulator.setHistory('slow.example.com', 'a', [
      { first_seen: '2025-01-01', values: ['192.0.2.9'] },
    ]);
    const { docs } = await ask([
      ...asDomains('slow.example.com'),
      ...asIps('192.0.2.44'),
      { type: 'sha256', value: '0a' },
      ...asDomains('a-only.example.com'),
    ]);
    expect(docs.map(({ observables }) => observables?.[0]?.value)).toEqual([
      'slow.example.com',
      '192.0.2.44',
      'a-only.example.com',
    ]);
  });

  it('given twice cost one call and are answered twice, each answer unique', async () => {
    stack.simulator.setHosts('192.0.2.46', ['twice.example.com']);
    const { docs } = await ask(asIps('192.0.2.46', '192.0.2.46', '192.0.2.46'));
    expect(stack.simulator.counters().total).toBe(1);
    expect(docs).toHaveLength(3);
    expect(new Set(docs.map(({ id }) => id)).size).toBe(3);
    expect(docs.map(({ relations }) => relations)).toEqual(
      Array.from({ length: 3 }, () => docs[0]?.relations),
    );
  });

  it('in different spellings are one question, and each is echoed as given', async () => {
    stack.simulator.setHistory('spelt.example.com', 'a', [
      { first_seen: '2025-01-01', values: ['192.0.2.9'] },
    ]);
    stack.simulator.setHistory('spelt.example.com', 'aaaa', []);
    stack.simulator.setHosts('2001:db8::47', ['one.example.com']);
    const spellings = ['spelt.example.com', 'Spelt.EXAMPLE.com', 'spelt.example.com.'];
    const addresses = ['2001:db8::47', '2001:DB8:0:0::47'];
    const { docs } = await ask([
      ...asDomains(...spellings),
      ...addresses.map((value) => ({ type: 'ipv6' as const, value })),
    ]);
    expect(asked()).toEqual([
      'GET /v1/history/spelt.example.com/dns/a?page=1',
      'GET /v1/history/spelt.example.com/dns/aaaa?page=1',
      'POST /v1/domains/list?page=1',
    ]);
    expect(docs.map(({ observables }) => observables?.[0]?.value)).toEqual([
      ...spellings,
      ...addresses,
    ]);
    expect(docs[1]).toMatchObject({
      description: 'IPv4 addresses that Spelt.EXAMPLE.com resolves to',
      relations: [{ source: { type: 'domain', value: 'Spelt.EXAMPLE.com' } }],
    });
  });

  it('that are names in other scripts are asked for in punycode', async () => {
    const { docs } = await ask(asDomains('b\u00fccher.example.com'));
    expect(asked()).toContain('GET /v1/history/xn--bcher-kva.example.com/dns/a?page=1');
    expect(docs.every(({ observables }) => observables?.[0]?.value.startsWith('b\u00fc'))).toBe(
      true,
    );
  });

  it.each([
    ['domain', 'x/../../account/usage'],
    ['domain', 'a.example.com/dns/a?page=2#'],
    ['domain', '%2e%2e.example.com'],
    ['domain', 'single-label'],
    ['domain', '192.0.2.1'],
    ['domain', `${'a'.repeat(64)}.example.com`],
    ['domain', `${'a.'.repeat(127)}example.com`],
    ['domain', 'x'.repeat(200_000)],
    ['domain', 'a..example.com'],
    ['domain', 'line\nbreak.example.com'],
    ['domain', ' '],
    ['ip', '192.0.2.256'],
    ['ip', '192.0.2.1/24'],
    ['ip', '2001:db8::1'],
    ['ip', '0300.0.2.1'],
    ['ipv6', '192.0.2.1'],
    ['ipv6', 'fe80::1%eth0'],
    ['ipv6', '2001:db8:::1'],
    ['url', 'https://moved.example.com/'],
  ] as const)('of the impossible %s %# yield nothing and cost nothing', async (type, value) => {
    const { body } = await ask([{ type, value }]);
    expect(body).toEqual({ data: {} });
    expect(stack.simulator.counters().total).toBe(0);
  });
});

describe('what upstream may not have an effect on', () => {
  it('leaves out values that are no addresses', async () => {
    stack.simulator.setHistory('odd.example.com', 'a', [
      { first_seen: '2025-01-01', values: ['192.0.2.9', 'not an address', '', '192.0.2.999'] },
    ]);
    const { docs } = await ask(asDomains('odd.example.com'));
    expect(docs[0]?.relations?.map(({ related }) => related.value)).toEqual(['192.0.2.9']);
    expect(docs[0]?.count).toBe(1);
  });

  it('keeps the spelling of host names, and leaves out what is none', async () => {
    const names = ['a.example.com', '<script>', '', 'a b.example.com', 'B.example.com'];
    stack.simulator.fault({
      kind: 'shape',
      match: { host: '192.0.2.48' },
      body: { records: names.map((hostname) => ({ hostname })), record_count: 5, meta: {} },
    });
    const { docs } = await ask(asIps('192.0.2.48'));
    expect(docs[0]?.relations?.map(({ source }) => source.value)).toEqual([
      'B.example.com',
      'a.example.com',
    ]);
  });
});

describe('SIGHTING_TIME=query', () => {
  let relay: ServiceProcess;

  beforeAll(async () => {
    relay = await stack.add('relay', { SIGHTING_TIME: 'query' });
  }, 20_000);

  it('stamps sightings with the moment of the call, in UTC', async () => {
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const { docs } = await observe(relay.url, [
      ...asDomains('both.example.com'),
      ...asIps('192.0.2.44'),
    ]);
    expect(docs).toHaveLength(3);
    for (const { observed_time: time } of docs) {
      expect(time.end_time).toBe(time.start_time);
      expect(time.start_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/);
      expect(Date.parse(time.start_time)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(time.start_time)).toBeLessThanOrEqual(Date.now());
    }
  });
});

describe('OBSERVE_DEADLINE_MS', () => {
  let relay: ServiceProcess;

  beforeAll(async () => {
    relay = await stack.add('relay', { OBSERVE_DEADLINE_MS: '300', CACHE_REDIS_URL: '' });
  }, 20_000);

  it('ends the wait with what is there and a warning; the next call finds the rest', async () => {
    stack.simulator.setHosts('192.0.2.51', ['fast.example.com']);
    stack.simulator.setHosts('192.0.2.52', ['late.example.com']);
    stack.simulator.fault({ kind: 'delay', delayMs: 900, match: { host: '192.0.2.52' } });
    const started = performance.now();
    const first = await observe(relay.url, asIps('192.0.2.51', '192.0.2.52'));
    expect(performance.now() - started).toBeLessThan(850);
    expect(first.docs.map(({ observables }) => observables?.[0]?.value)).toEqual(['192.0.2.51']);
    expect(first.errors).toEqual([
      {
        code: 'gateway timeout',
        type: 'warning',
        message: expect.stringContaining('ip 192.0.2.52'),
      },
    ]);
    const next = await untilFound(relay.url, '192.0.2.52');
    expect(next.errors).toEqual([]);
    const calls = stack.simulator.requests().filter(({ subject }) => subject === '192.0.2.52');
    expect(calls).toHaveLength(1);
  });
});

/** Calls again at once while it is told to: each such call waits for the fetch under way. */
async function untilFound(url: string, ip: string): ReturnType<typeof observe> {
  for (let call = 1; ; call += 1) {
    const answer = await observe(url, asIps(ip));
    if (answer.docs.length > 0 || call === 20) {
      return answer;
    }
  }
}
