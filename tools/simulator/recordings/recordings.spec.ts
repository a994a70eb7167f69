import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { SimulatorInputError } from '../input.errors.js';
import { readRecordings } from './recordings.js';

const RECORD = {
  values: [{ ip: '192.0.2.1', ip_count: 0 }],
  type: 'a',
  organizations: ['Example Hosting Inc.'],
  last_seen: '2024-02-01',
  first_seen: '2024-01-01',
};

describe('readRecordings', () => {
  let directory = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recordings-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function record(name: string, body: unknown): Promise<void> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    await writeFile(join(directory, name), text);
  }

  function found(question: Parameters<ReturnType<typeof readRecordings>['find']>[0]): unknown {
    const body = readRecordings(directory).find(question)?.toString();
    return body === undefined ? undefined : JSON.parse(body);
  }

  const history = (subject: string, page = 1) =>
    ({ endpoint: 'history', subject, recordType: 'a', page }) as const;

  it('gives a recorded body byte by byte', async () => {
    const text = '{\n  "pages": 1,\n  "records": []\n}\n';
    await record('history-dns-a--one.example.com.json', text);
    const body = readRecordings(directory).find(history('one.example.com'));
    expect(body?.toString()).toBe(text);
  });

  it('tells pages and record types apart', async () => {
    await record('history-dns-a--paged.example.com-page1.json', { pages: 2, records: [1] });
    await record('history-dns-a--paged.example.com-page2.json', { pages: 2, records: [2] });
    await record('history-dns-aaaa--paged.example.com.json', { pages: 1, records: [6] });
    expect(found(history('paged.example.com', 2))).toEqual({ pages: 2, records: [2] });
    expect(found({ ...history('paged.example.com'), recordType: 'aaaa' })).toMatchObject({
      records: [6],
    });
    expect(found({ ...history('paged.example.com'), recordType: 'mx' })).toBeUndefined();
  });

  it('answers a page that is missing with the same envelope and no records', async () => {
    await record('history-dns-a--paged.example.com-page1.json', {
      pages: 1,
      records: [1],
      type: 't',
    });
    expect(found(history('paged.example.com', 9))).toEqual({ pages: 1, records: [], type: 't' });
  });

  it('wraps bare records, unless there is a whole body', async () => {
    await record('history-dns-a--bare.example.com-records-only.json', [RECORD]);
    await record('history-dns-ns--none.example.com-records-only.json', []);
    await record('history-dns-a--both.example.com-records-only.json', [RECORD]);
    await record('history-dns-a--both.example.com.json', { pages: 7, records: [] });
    expect(found(history('bare.example.com'))).toEqual({
      type: 'a/ipv4',
      records: [RECORD],
      pages: 1,
      endpoint: '/v1/history/bare.example.com/dns/a',
    });
    expect(found({ ...history('none.example.com'), recordType: 'ns' })).toMatchObject({ pages: 0 });
    expect(found(history('both.example.com'))).toEqual({ pages: 7, records: [] });
  });

  it('finds lists by address, with their page in the empty envelope', async () => {
    const meta = { page: 1, max_page: 1, total_pages: 1 };
    await record('domains-list--ipv4-192.0.2.9-empty.json', { records: [], meta });
    await record('domains-list--ipv6-2001_db8__9.json', { records: [{}], meta });
    expect(found({ endpoint: 'list', subject: '192.0.2.9', page: 1 })).toEqual({
      records: [],
      meta,
    });
    expect(found({ endpoint: 'list', subject: '2001:db8::9', page: 2 })).toEqual({
      records: [],
      meta: { ...meta, page: 2 },
    });
  });

  it('finds the other endpoints and leaves other files alone', async () => {
    await record('ping--ok.json', { success: true });
    await record('account-usage--50.json', { allowed_monthly_usage: 50 });
    await record('domain--one.example.com.json', { hostname: 'one.example.com' });
    await record('domain-subdomains--one.example.com.json', { subdomains: ['www'] });
    await record('domain-tags--one.example.com.json', { tags: [] });
    await record('notes.json', 'not JSON');
    expect(found({ endpoint: 'ping', subject: '', page: 1 })).toEqual({ success: true });
    expect(found({ endpoint: 'usage', subject: '', page: 1 })).toEqual({
      allowed_monthly_usage: 50,
    });
    expect(found({ endpoint: 'domain', subject: 'one.example.com', page: 1 })).toEqual({
      hostname: 'one.example.com',
    });
    expect(found({ endpoint: 'subdomains', subject: 'one.example.com', page: 1 })).toEqual({
      subdomains: ['www'],
    });
  });

  it('names what is wrong with a directory or a file', async () => {
    expect(() => readRecordings(join(directory, 'missing'))).toThrow('cannot be read (ENOENT)');
    await record('history-dns-a--bad.example.com-records-only.json', '{"records": []}');
    expect(() => readRecordings(directory)).toThrow(SimulatorInputError);
    expect(() => readRecordings(directory)).toThrow('is not a list of records');
  });
});
