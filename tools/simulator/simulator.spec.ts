import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator, type Simulator, type SimulatorOptions } from './simulator.js';

const NOW = '2026-03-10T12:00:00Z';
const KEY = 'canary-key';

interface HistoryJson {
  readonly records: readonly { readonly first_seen: string }[];
  readonly pages: number;
}

let simulator: Simulator;

async function restart(options: SimulatorOptions): Promise<void> {
  await simulator.close();
  simulator = await startSimulator(options);
}

async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(`${simulator.url}${path}`, { headers: { APIKEY: KEY }, ...init });
  const text = await answer.text();
  const type = answer.headers.get('content-type');
  return { status: answer.status, type, text, json: type === null ? null : JSON.parse(text) };
}

function list(body: unknown, page = 1) {
  return ask(`/domains/list?page=${page}`, { method: 'POST', body: JSON.stringify(body) });
}

beforeEach(async () => {
  simulator = await startSimulator({ now: NOW, keys: { [KEY]: {} } });
});

afterEach(async () => {
  await simulator.close();
});

describe('history', () => {
  it('has the vendor envelope and records', async () => {
    const { status, type, json } = await ask('/history/quiet.example.com/dns/a');
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    expect(json).toEqual({
      type: 'a/ipv4',
      records: [
        {
          values: [{ ip: expect.stringMatching(/^[\d.]+$/), ip_count: 0 }],
          type: 'a',
          organizations: [expect.any(String)],
          last_seen: '2026-03-10',
          first_seen: '2015-06-01',
        },
      ],
      pages: 1,
      endpoint: '/v1/history/quiet.example.com/dns/a',
    });
  });

  it.each([
    ['aaaa', 'a/ipv6', [{ ipv6: expect.any(String), ipv6_count: 0 }]],
    ['ns', 'ns', expect.arrayContaining([{ nameserver: expect.any(String), nameserver_count: 0 }])],
    ['mx', 'mx', expect.arrayContaining([{ priority: 10, host: expect.any(String), mx_count: 0 }])],
    ['soa', 'soa', { ttl: 3600, email: expect.stringMatching(/^[^@]+$/), email_count: 0 }],
    ['txt', 'txt', expect.arrayContaining([{ value: expect.any(String) }])],
  ])('writes %s values as the vendor does', async (type, envelope, values) => {
    const { json } = await ask(`/history/new.example.com/dns/${type}`);
    expect(json).toMatchObject({ type: envelope, records: [{ type, values }] });
  });

  it('has 432 intervals on five pages and nothing after them', async () => {
    const bodies = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((page) => ask(`/history/long.example.com/dns/a?page=${page}`)),
    );
    const pages = bodies.map(({ json }) => json as HistoryJson);
    expect(pages.map(({ records }) => records.length)).toEqual([100, 100, 100, 100, 32, 0]);
    expect(new Set(pages.map((page) => page.pages))).toEqual(new Set([5]));
    const starts = pages.flatMap(({ records }) => records.map((record) => record.first_seen));
    expect(starts).toEqual([...new Set(starts)].sort().reverse());
  });

  it('counts no pages for a name two days old, and one when it is older', async () => {
    expect((await ask('/history/new.example.com/dns/a')).json).toMatchObject({ pages: 0 });
    simulator.advanceDays(3);
    expect((await ask('/history/new.example.com/dns/a')).json).toMatchObject({ pages: 1 });
  });

  it('knows nothing in the forms the vendor has for it', async () => {
    expect((await ask('/history/nothing.example.com/dns/a')).json).toEqual({
      type: 'a/ipv4',
      records: [],
      pages: 0,
      endpoint: '/v1/history/nothing.example.com/dns/a',
    });
    expect(await ask('/history/gone.invalid/dns/a')).toMatchObject({ status: 404 });
    expect(await ask('/history/not%20a%20name/dns/a')).toMatchObject({
      status: 400,
      json: { message: 'The requested domain is invalid' },
    });
    expect(await ask('/history/%/dns/a')).toMatchObject({ status: 400 });
  });

  it('reads names without regard to case and a final dot', async () => {
    const { text } = await ask('/history/Moved.Example.COM./dns/a/');
    expect(text).toBe((await ask('/history/moved.example.com/dns/a')).text);
  });

  it.each(['0', '-1', 'two', ''])('refuses page %j', async (page) => {
    expect(await ask(`/history/long.example.com/dns/a?page=${page}`)).toMatchObject({
      status: 400,
    });
  });

  it('lets the running interval go on as days pass', async () => {
    simulator.advanceDays(20);
    expect(simulator.today()).toBe('2026-03-30');
    expect((await ask('/history/quiet.example.com/dns/a')).json).toMatchObject({
      records: [{ first_seen: '2015-06-01', last_seen: '2026-03-30' }],
    });
  });
});

describe('the other data endpoints', () => {
  it('shows the current records of a domain', async () => {
    const { json } = await ask('/domain/moved.example.com');
    expect(json).toMatchObject({
      hostname: 'moved.example.com',
      apex_domain: 'example.com',
      alexa_rank: null,
      endpoint: '/v1/domain/moved.example.com',
      current_dns: {
        a: {
          values: [{ ip: expect.any(String), ip_count: 0, ip_organization: expect.any(String) }],
        },
        mx: { values: [{ priority: 10, hostname: expect.any(String) }, { priority: 20 }] },
        soa: { values: [{ ttl: 3600 }] },
      },
    });
    const history = await ask('/history/moved.example.com/dns/a');
    expect(json.current_dns.a.first_seen).toBe(history.json.records[0].first_seen);
  });

  it('shows no current records where there are none', async () => {
    const { json } = await ask('/domain/nothing.example.com');
    expect(json.current_dns).toEqual({ a: {}, aaaa: {}, mx: {}, ns: {}, soa: {}, txt: {} });
    expect(await ask('/domain/gone.invalid')).toMatchObject({ status: 404 });
  });

  it('lists sub-domains sorted, relative, and capped at 2000', async () => {
    const { json } = await ask('/domain/example.com/subdomains');
    expect(json.subdomains).toEqual([...json.subdomains].sort());
    expect(json.subdomains).toEqual(expect.arrayContaining(['cdn', 'moved']));
    const long = await ask('/domain/long.example.com/subdomains');
    expect(long.json).toMatchObject({ subdomain_count: 2000, meta: { limit_reached: true } });
  });

  it('pages through the crowd of one address, as far as it may be read', async () => {
    const first = await list({ filter: { ipv4: '192.0.2.100' } });
    expect(first.json).toMatchObject({
      record_count: 40_741,
      meta: { page: 1, total_pages: 408, max_page: 100, query: "ipv4 = '192.0.2.100'" },
      endpoint: '/v1/domains/list',
    });
    expect(first.json.records).toHaveLength(100);
    expect(first.json.records[0]).toEqual({
      whois: {
        registrar: 'Example Registrar Inc.',
        createdDate: expect.any(Number),
        expiresDate: expect.any(Number),
      },
      mail_provider: expect.any(Array),
      hostname: expect.any(String),
      host_provider: ['Example Hosting Inc.'],
      computed: { company_name: null },
      alexa_rank: null,
    });
    const last = await list({ filter: { ipv4: '192.0.2.100' } }, 101);
    expect(last.json).toMatchObject({ records: [], record_count: 40_741, meta: { page: 101 } });
  });

  it('has an address without names', async () => {
    expect((await list({ filter: { ipv4: '192.0.2.200' } })).json).toEqual({
      records: [],
      record_count: 0,
      meta: { total_pages: 0, query: "ipv4 = '192.0.2.200'", page: 1, max_page: 0 },
      endpoint: '/v1/domains/list',
    });
  });

  it('takes IPv6 in any spelling and repeats it as asked', async () => {
    const short = await list({ filter: { ipv6: '2001:db8:20:1::1' } });
    const long = await list({ query: "ipv6 = '2001:0DB8:0020:0001:0000:0000:0000:0001'" });
    expect(long.json.records).toEqual(short.json.records);
    expect(short.json.record_count).toBeGreaterThan(0);
    expect(long.json.meta.query).toBe("ipv6 = '2001:0DB8:0020:0001:0000:0000:0000:0001'");
  });

  it.each([{}, { filter: { ipv4: '192.0.2' } }, { filter: { ipv6: 'fe80::1%1' } }, 'text', null])(
    'refuses the list request %j',
    async (body) => {
      expect(await list(body)).toMatchObject({ status: 400 });
    },
  );

  it('knows no other paths', async () => {
    expect(await ask('/history/example.com/dns/cname')).toMatchObject({ status: 404 });
    expect(await ask('/ping', { method: 'POST' })).toMatchObject({ status: 404 });
  });
});

describe('keys', () => {
  it('answers a bad or missing key with plain text and no content type', async () => {
    const bad = await ask('/ping', { headers: { APIKEY: 'other' } });
    const missing = await ask('/ping', { headers: {} });
    expect(bad).toMatchObject({ status: 401, type: null, text: 'Please check user credentials' });
    expect(missing.status).toBe(401);
  });

  it('counts every call, ping and usage too', async () => {
    await ask('/ping');
    await ask('/history/cdn.example.com/dns/a');
    expect((await ask('/account/usage')).json).toEqual({
      current_monthly_usage: 3,
      allowed_monthly_usage: 100_000,
    });
  });

  it('throttles and then ends the quota in the words of the vendor', async () => {
    let now = 1_000_000;
    await restart({ clock: () => now, keys: { [KEY]: { perSecond: 1, monthly: 2 } } });
    expect((await ask('/ping')).json).toEqual({ success: true });
    expect(await ask('/ping')).toMatchObject({
      status: 429,
      json: { message: 'API rate limit exceeded' },
    });
    now += 1000;
    expect(await ask('/ping')).toMatchObject({ status: 200 });
    now += 1000;
    expect(await ask('/ping')).toMatchObject({
      status: 429,
      json: { message: "You've exceeded the usage limits for your account." },
    });
    simulator.advanceDays(31);
    expect(await ask('/ping')).toMatchObject({ status: 200 });
  });

  it('takes a key in the query, and logs neither key nor query', async () => {
    const { status } = await ask(`/ping?apikey=${KEY}`, { headers: {} });
    expect(status).toBe(200);
    const logged = JSON.stringify([simulator.requests(), simulator.counters()]);
    expect(logged).not.toContain('canary');
    expect(simulator.requests()).toMatchObject([
      { path: '/v1/ping', key: simulator.digestOf(KEY) },
    ]);
  });

  it('takes any key when told to, and changes keys while it runs', async () => {
    await restart({ acceptAnyKey: true });
    expect(await ask('/ping')).toMatchObject({ status: 200 });
    simulator.setKey(KEY, { monthly: 1 });
    expect(await ask('/ping')).toMatchObject({ status: 429 });
  });
});

describe('what tests give', () => {
  it('serves a given history as it stands, then the world again', async () => {
    const before = await ask('/history/quiet.example.com/dns/a');
    simulator.setHistory('quiet.example.com', 'a', [
      { first_seen: '2024-05-01', values: ['192.0.2.8', '192.0.2.9'] },
      { first_seen: '2024-01-01', last_seen: null, values: [], organizations: ['Given Ltd.'] },
    ]);
    expect((await ask('/history/quiet.example.com/dns/a')).json.records).toEqual([
      {
        values: [
          { ip: '192.0.2.8', ip_count: 0 },
          { ip: '192.0.2.9', ip_count: 0 },
        ],
        type: 'a',
        organizations: ['Example Hosting Inc.'],
        last_seen: '2026-03-10',
        first_seen: '2024-05-01',
      },
      {
        values: [],
        type: 'a',
        organizations: ['Given Ltd.'],
        last_seen: null,
        first_seen: '2024-01-01',
      },
    ]);
    simulator.setHistory('quiet.example.com', 'a', null);
    expect((await ask('/history/quiet.example.com/dns/a')).text).toBe(before.text);
  });

  it('pushes a new interval at the head and ends the running one there', async () => {
    simulator.advanceDays(10);
    simulator.pushInterval('quiet.example.com', 'a', { values: ['198.51.100.9'] });
    simulator.advanceDays(2);
    expect((await ask('/history/quiet.example.com/dns/a')).json.records).toMatchObject([
      { first_seen: '2026-03-20', last_seen: '2026-03-22', values: [{ ip: '198.51.100.9' }] },
      { first_seen: '2015-06-01', last_seen: '2026-03-20' },
    ]);
  });

  it('refuses an interval that would not be the newest', () => {
    const push = () => {
      simulator.pushInterval('quiet.example.com', 'a', { first_seen: '2015-06-01', values: [] });
    };
    expect(push).toThrow(expect.objectContaining({ field: 'interval.first_seen' }));
  });

  it('begins a history with a push where nothing was known', async () => {
    simulator.pushInterval('gone.invalid', 'soa', { values: ['60 hostmaster.example.net'] });
    expect((await ask('/history/gone.invalid/dns/soa')).json.records).toMatchObject([
      { values: { ttl: 60, email: 'hostmaster.example.net' } },
    ]);
  });

  it('lists the names it is given', async () => {
    simulator.setHosts('2001:0db8::1', ['B.example.com', 'a.example.com']);
    const { json } = await list({ filter: { ipv6: '2001:db8::1' } });
    expect(json.records).toMatchObject([
      { hostname: 'b.example.com' },
      { hostname: 'a.example.com' },
    ]);
    simulator.setHosts('2001:db8::1', []);
    expect((await list({ filter: { ipv6: '2001:db8::1' } })).json).toMatchObject({
      record_count: 0,
    });
  });

  it('throws on input that cannot be, and changes nothing', () => {
    const bad = (field: string) => expect.objectContaining({ code: 'simulator_input', field });
    expect(() => {
      simulator.advanceDays(-1);
    }).toThrow(bad('days'));
    expect(() => {
      simulator.setHosts('nowhere', []);
    }).toThrow(bad('address'));
    expect(() => {
      simulator.setKey('two words', {});
    }).toThrow(bad('key'));
    expect(simulator.today()).toBe('2026-03-10');
  });
});

describe('recordings', () => {
  let directory = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recordings-'));
    await writeFile(
      join(directory, 'history-dns-a--taped.example.com-page1.json'),
      '{"records": [1]}',
    );
    await writeFile(join(directory, 'account-usage--7.json'), '{"allowed_monthly_usage": 7}');
    await restart({ now: NOW, recordingsDir: directory, keys: { [KEY]: {} } });
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it('are served for exactly their questions', async () => {
    expect((await ask('/history/taped.example.com/dns/a')).text).toBe('{"records": [1]}');
    expect((await ask('/history/taped.example.com/dns/a?page=2')).json).toEqual({ records: [] });
    expect((await ask('/account/usage')).json).toEqual({ allowed_monthly_usage: 7 });
    expect((await ask('/history/quiet.example.com/dns/a')).json).toMatchObject({ pages: 1 });
  });

  it('give way to what a test gives', async () => {
    simulator.setHistory('taped.example.com', 'a', []);
    expect((await ask('/history/taped.example.com/dns/a')).json).toMatchObject({ pages: 0 });
  });

  it('still need a key', async () => {
    expect(await ask('/history/taped.example.com/dns/a', { headers: {} })).toMatchObject({
      status: 401,
    });
  });
});

describe('the process around it', () => {
  it('logs and counts requests', async () => {
    await ask('/history/long.example.com/dns/a?page=2');
    await list({ filter: { ipv4: '192.0.2.9' } });
    await ask('/nowhere', { headers: { APIKEY: KEY, 'x-request-id': 'third' } });
    expect(simulator.requests()).toMatchObject([
      {
        method: 'GET',
        endpoint: 'history',
        subject: 'long.example.com',
        page: 2,
        status: 200,
        requestId: '',
      },
      { method: 'POST', endpoint: 'list', subject: '192.0.2.9', page: 1, status: 200 },
      { endpoint: 'other', path: '/v1/nowhere', status: 404, requestId: 'third' },
    ]);
    expect(simulator.counters()).toEqual({
      total: 3,
      byEndpoint: { history: 1, list: 1, other: 1 },
      byStatus: { '200': 2, '404': 1 },
      byKey: { [simulator.digestOf(KEY)]: 3 },
    });
    simulator.resetCounters();
    expect(simulator.counters().total).toBe(0);
    expect(simulator.requests()).toEqual([]);
  });

  it('refuses a start date that is none, and a port in use', async () => {
    await expect(startSimulator({ now: 'someday' })).rejects.toMatchObject({ field: 'now' });
    await expect(startSimulator({ port: simulator.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('refuses connections once it is closed', async () => {
    await simulator.close();
    await expect(ask('/ping')).rejects.toThrow('fetch failed');
  });
});
