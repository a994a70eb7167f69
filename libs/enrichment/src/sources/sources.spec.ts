import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Governor, MemoryPacer, MemoryQuotaCircuit } from '#governor';
import { SecurityTrailsClient } from '#securitytrails';

import type { EnrichmentSource } from '../enrichment-source.port.js';
import { NothingKnownAnswer } from '../nothing-known.js';
import { deepen, refresh } from '../paged/paged-reader.js';
import { CALLER } from '../testing/service-bench.js';
import { testLedger } from '../testing/test-ledger.js';
import { VendorServer } from '../testing/vendor-server.js';
import type { VendorReply, VendorRequest } from '../testing/vendor-server.js';
import { enrichmentSources } from './index.js';
import { SecurityTrailsUpstream } from './securitytrails/upstream.js';

const NAME = { type: 'domain', value: 'www.example.com' } as const;

let vendor: VendorServer;
let client: SecurityTrailsClient;
let sources: readonly EnrichmentSource[];
let reply: (request: VendorRequest) => VendorReply;

beforeAll(async () => {
  vendor = await VendorServer.start((request) => reply(request));
  client = new SecurityTrailsClient({ baseUrl: vendor.url, timeoutMs: 5_000, userAgent: 'test' });
  const governor = new Governor({
    pacer: new MemoryPacer(1_000, Date.now),
    circuit: new MemoryQuotaCircuit(Date.now),
    clock: Date.now,
    onTrouble: () => undefined,
  });
  const ledger = testLedger(Date.now);
  await ledger.learnUsage(CALLER.tenant, 'untold');
  const upstream = new SecurityTrailsUpstream({
    client,
    governor,
    ledger,
    clock: Date.now,
    onCall: () => undefined,
  });
  sources = enrichmentSources(['dns-history', 'reverse-ip'], {
    upstream,
    uiUrl: 'https://securitytrails.com',
  });
});

afterAll(async () => {
  await client.close();
  await vendor[Symbol.asyncDispose]();
});

function sourceNamed(name: string): EnrichmentSource {
  const source = sources.find((one) => one.name === name);
  if (source === undefined) {
    throw new Error(`No source ${name}`);
  }
  return source;
}

/** A page of the history of a name: records of one day each, and upstream's hint. */
function history(sizes: readonly number[], hint: number) {
  return ({ page }: VendorRequest): VendorReply => {
    const after = sizes.slice(page - 1).reduce((sum, size) => sum + size, 0);
    return {
      body: {
        type: 'a/ipv4',
        pages: hint,
        records: Array.from({ length: sizes[page - 1] ?? 0 }, (_, index) => {
          const day = new Date(Date.UTC(2012, 0, after - index)).toISOString().slice(0, 10);
          return {
            values: [{ ip: '192.0.2.1', ip_count: 0 }],
            type: 'a',
            organizations: ['Example Hosting Inc.'],
            first_seen: day,
            last_seen: day,
          };
        }),
      },
    };
  };
}

function list(hosts: readonly string[], meta: object) {
  return {
    body: {
      records: hosts.map((hostname) => ({ hostname, host_provider: ['Example Hosting Inc.'] })),
      record_count: 240,
      meta,
    },
  };
}

async function readAll(
  source: EnrichmentSource,
  observable: { type: 'domain' | 'ip' | 'ipv6'; value: string },
) {
  vendor.requests.length = 0;
  const [asked] = source.questions(observable);
  if (asked === undefined) {
    throw new Error('Nothing to ask');
  }
  return deepen(source.reader(asked, CALLER, 'interactive'), undefined, 100);
}

describe('enrichmentSources', () => {
  it('names those that exist when asked for another', () => {
    expect(() => enrichmentSources(['whois'], {} as never)).toThrow(
      new RangeError('No source "whois"; there are dns-history, reverse-ip'),
    );
  });

  it('asks two questions about a name and one about an address', () => {
    const asked = (type: 'domain' | 'ip' | 'ipv6', value: string) =>
      sources.flatMap((source) => source.questions({ type, value })).map(({ id }) => id);
    expect(asked('domain', 'www.example.com')).toEqual([
      'a:www.example.com',
      'aaaa:www.example.com',
    ]);
    expect(asked('ip', '192.0.2.1')).toEqual(['list:192.0.2.1']);
    expect(asked('ipv6', '2001:db8::1')).toEqual(['list:2001:db8::1']);
  });
});

describe('the history of a name', () => {
  it.each([
    ['as the hint says', [100, 100, 32], 3, [1, 2, 3]],
    ['on to a second page after 95 records and a hint of 1', [95, 20], 1, [1, 2]],
    ['on to a second page after 95 records and a hint of 0', [95, 20], 0, [1, 2]],
    ['on and takes an empty page for the end', [100], 1, [1, 2]],
    ['one page of 94 records and a hint of 1', [94], 1, [1]],
    ['one page of one record and a hint of 0', [1], 0, [1]],
    ['on after a short page while the hint says so', [95, 100, 10], 3, [1, 2, 3]],
    ['nothing more after nothing', [], 0, [1]],
  ])('is read %s', async (_, sizes, hint, pages) => {
    reply = history(sizes, hint);
    const { pages: read, problem } = await readAll(sourceNamed('dns-history'), NAME);
    expect(problem).toBeUndefined();
    expect(vendor.requests.map(({ page }) => page)).toEqual(pages);
    expect(read.items).toHaveLength(sizes.reduce((sum, size) => sum + size, 0));
    expect(read.complete).toBe(true);
  });

  it('is asked for under its name and record type', async () => {
    reply = history([1], 1);
    await readAll(sourceNamed('dns-history'), NAME);
    const [, aaaa] = sourceNamed('dns-history').questions(NAME);
    await sourceNamed('dns-history').reader(aaaa!, CALLER, 'background').read(1);
    expect(vendor.requests.map(({ path }) => path)).toEqual([
      '/history/www.example.com/dns/a',
      '/history/www.example.com/dns/aaaa',
    ]);
  });

  it('is not known when upstream says so by its status', async () => {
    reply = () => ({ status: 404, body: { message: 'not found' } });
    await expect(readAll(sourceNamed('dns-history'), NAME)).rejects.toBeInstanceOf(
      NothingKnownAnswer,
    );
  });
});

describe('the names of an address', () => {
  it.each([
    ['ip', '192.0.2.44', { ipv4: '192.0.2.44' }],
    ['ipv6', '2001:db8::1', { ipv6: '2001:db8::1' }],
  ] as const)('are asked for by %s', async (type, value, filter) => {
    reply = () => list(['a.example.com'], { page: 1, total_pages: 1, max_page: 1 });
    const { pages } = await readAll(sourceNamed('reverse-ip'), { type, value });
    expect(vendor.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ filter }]);
    expect(pages).toMatchObject({ recordCount: 240, complete: true });
  });

  it('are read as far as upstream gives them out, which is less than there are', async () => {
    reply = ({ page }) => list([`h${page}.example.com`], { page, total_pages: 593, max_page: 3 });
    const { pages } = await readAll(sourceNamed('reverse-ip'), { type: 'ip', value: '192.0.2.44' });
    expect(vendor.requests).toHaveLength(3);
    expect(pages).toMatchObject({ total: 593, reachable: 3, complete: true });
  });

  it.each([
    ['keeps later pages while the first one is the same', ['a', 'b'], [2, 1], true],
    ['drops later pages when a name came', ['a', 'c'], [2], false],
    ['drops later pages when a name went', ['b'], [1], false],
  ])('after a refresh %s', async (_, first, sizes, complete) => {
    const pages: Record<number, string[]> = { 1: ['a', 'b'], 2: ['z'] };
    reply = ({ page }) =>
      list(
        (pages[page] ?? []).map((label) => `${label}.example.com`),
        { page, total_pages: 2, max_page: 2 },
      );
    const source = sourceNamed('reverse-ip');
    const address = { type: 'ip', value: '192.0.2.44' } as const;
    const held = await readAll(source, address);
    pages[1] = first;
    vendor.requests.length = 0;
    const [asked] = source.questions(address);
    const refreshed = await refresh(source.reader(asked!, CALLER, 'background'), held.pages);
    expect(vendor.requests.map(({ page }) => page)).toEqual([1]);
    expect(refreshed).toMatchObject({ sizes, complete });
  });
});
