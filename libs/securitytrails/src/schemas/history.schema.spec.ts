import { describe, expect, it } from '@jest/globals';
import type { RecordType } from './dns.schema.js';
import { historyPageOf } from './history.schema.js';
import { ShapeMismatch } from './json.schema.js';

const body = (...records: unknown[]) => ({ type: 'a/ipv4', records, pages: 1 });
const record = (values: unknown, rest: object = {}) => ({
  values,
  type: 'a',
  organizations: ['Example Hosting Inc.'],
  first_seen: '2021-01-15',
  last_seen: '2025-05-19',
  ...rest,
});
const valuesOf = (type: RecordType, values: unknown) =>
  historyPageOf(body(record(values)), type, 1).page.intervals[0]?.values;

function mismatch(json: unknown, type: RecordType = 'a'): string {
  try {
    historyPageOf(json, type, 1);
  } catch (cause) {
    return cause instanceof ShapeMismatch ? cause.at : 'another error';
  }
  return 'no error';
}

describe('historyPageOf', () => {
  it('reads a page whole', () => {
    const json = body(record([{ ip_count: 0, ip: '192.0.2.10' }]));
    expect(historyPageOf({ ...json, pages: 4, surprise: {} }, 'a', 2)).toEqual({
      recordCount: 1,
      page: {
        recordType: 'a',
        page: 2,
        pages: 4,
        more: true,
        intervals: [
          {
            firstSeen: '2021-01-15',
            lastSeen: '2025-05-19',
            organizations: ['Example Hosting Inc.'],
            values: [{ value: '192.0.2.10' }],
          },
        ],
      },
    });
  });

  it.each<[RecordType, unknown, unknown]>([
    [
      'a',
      [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }],
      [{ value: '192.0.2.1' }, { value: '192.0.2.2' }],
    ],
    ['aaaa', [{ ipv6: '2001:DB8::1', ipv6_count: 0 }], [{ value: '2001:DB8::1' }]],
    ['mx', [{ priority: 10, host: 'mx.example.com' }], [{ value: 'mx.example.com', priority: 10 }]],
    ['mx', [{ priority: null, host: 'mx.example.com' }], [{ value: 'mx.example.com' }]],
    ['ns', [{ nameserver: 'ns1.example.net' }], [{ value: 'ns1.example.net' }]],
    ['soa', { ttl: 3_600, email: 'dns.example.com' }, [{ value: 'dns.example.com', ttl: 3_600 }]],
    ['txt', [{ value: 'v=spf1 -all' }], [{ value: 'v=spf1 -all' }]],
    ['txt', [{ value: '' }], [{ value: '' }]],
  ])('reads the values of %s from %j', (type, values, expected) => {
    expect(valuesOf(type, values)).toEqual(expected);
  });

  it('keeps out intervals without a value, but counts their records', () => {
    const json = body(record([]), record({}), record([{ ip: '192.0.2.1' }]));
    const { page, recordCount } = historyPageOf(json, 'a', 1);
    expect(page.intervals).toHaveLength(1);
    expect(recordCount).toBe(3);
  });

  it('leaves out what is no address and no name', () => {
    expect(valuesOf('a', [{ ip: '192.0.2.1' }, { ip: '<b>' }])).toEqual([{ value: '192.0.2.1' }]);
    const hosts = ['ok.example.com', 'a\u202eb.example', '<script>', '\u001b[31m', 'a b', ''];
    const members = hosts.map((nameserver) => ({ nameserver }));
    expect(valuesOf('ns', members)).toEqual([{ value: 'ok.example.com' }]);
  });

  it.each([
    [null, null],
    [undefined, null],
    ['2024-02-29', '2024-02-29'],
    ['2023-02-29', null],
    ['275760-09-13', null],
    ['2024-01-01T00:00:00Z', null],
    [1_700_000_000, null],
  ])('reads the date %j as %j', (first_seen, expected) => {
    const json = body(record([{ ip: '192.0.2.1' }], { first_seen, last_seen: null }));
    expect(historyPageOf(json, 'a', 1).page.intervals[0]).toMatchObject({
      firstSeen: expected,
      lastSeen: null,
    });
  });

  it.each([undefined, null, 'x', -1, 1.5, 1e308])('takes a page count of %j for 0', (pages) => {
    expect(historyPageOf({ ...body(), pages }, 'a', 1).page.pages).toBe(0);
  });

  it.each([
    [
      ['A Inc.', 7, null, 'B Inc.', ''],
      ['A Inc.', 'B Inc.'],
    ],
    [undefined, []],
    [null, []],
    ['A Inc.', []],
  ])('reads the organizations %j as %j', (organizations, expected) => {
    const json = body(record([{ ip: '192.0.2.1' }], { organizations }));
    expect(historyPageOf(json, 'a', 1).page.intervals[0]?.organizations).toEqual(expected);
  });

  it.each([
    [null, 'body'],
    [[], 'body'],
    [{ records: [] }, 'type'],
    [{ type: 'a/ipv4' }, 'records'],
    [{ type: 'a/ipv4', records: null }, 'records'],
    [body(7), 'records[0]'],
    [body({}), 'records[0].values'],
    [body(record(null)), 'records[0].values'],
    [body(record([]), record([{ ip_count: 0 }])), 'records[1].values[0].ip'],
    [body(record([{ ip: null }])), 'records[0].values[0].ip'],
    [body(record(['192.0.2.1'])), 'records[0].values[0]'],
  ])('refuses %j and names %s', (json, at) => {
    expect(mismatch(json)).toBe(at);
  });

  it.each<[RecordType, string]>([
    ['mx', 'host'],
    ['ns', 'nameserver'],
    ['soa', 'email'],
    ['txt', 'value'],
  ])('refuses a value of %s without its %s', (type, field) => {
    expect(mismatch(body(record([{ other: 'x' }])), type)).toBe(`records[0].values[0].${field}`);
  });

  it('is not impressed by doubled keys and prototypes', () => {
    const json: unknown = JSON.parse(
      '{"__proto__":{"polluted":true},"type":"x","type":"a/ipv4","records":[],"constructor":1}',
    );
    const { page } = historyPageOf(json, 'a', 1);
    expect(page).toEqual({ recordType: 'a', page: 1, pages: 0, more: false, intervals: [] });
    expect(Object.getPrototypeOf(page)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
