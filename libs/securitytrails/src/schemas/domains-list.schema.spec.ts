import { describe, expect, it } from '@jest/globals';
import { listBody } from '../testing/bodies.js';
import { domainsListPageOf } from './domains-list.schema.js';
import { ShapeMismatch } from './json.schema.js';

function mismatch(json: unknown): string {
  try {
    domainsListPageOf(json, 1);
  } catch (cause) {
    return cause instanceof ShapeMismatch ? cause.at : 'another error';
  }
  return 'no error';
}

describe('domainsListPageOf', () => {
  it('reads a page whole', () => {
    expect(domainsListPageOf(listBody(['shop.example.com']), 1)).toEqual({
      page: 1,
      recordCount: 1,
      totalPages: 1,
      maxPage: 1,
      hosts: [{ hostname: 'shop.example.com', hostProviders: ['Example Hosting Inc.'] }],
    });
  });

  it('does without meta and its members', () => {
    const expected = { page: 3, totalPages: 0, maxPage: 0 };
    expect(domainsListPageOf({ ...listBody([]), meta: undefined }, 3)).toMatchObject(expected);
    expect(domainsListPageOf({ ...listBody([]), meta: {} }, 3)).toMatchObject(expected);
  });

  it('leaves out names that cannot be one', () => {
    const hosts = ['good.example.com', 'bad\r\n.example.com', '<i>.example.com', ''];
    expect(domainsListPageOf(listBody(hosts), 1).hosts).toHaveLength(1);
  });

  it.each([
    ['body', 'text'],
    ['meta', { ...listBody([]), meta: null }],
    ['record_count', { ...listBody([]), record_count: null }],
    ['record_count', { ...listBody([]), record_count: undefined }],
    ['record_count', { ...listBody([]), record_count: -1 }],
    ['records', { ...listBody([]), records: null }],
    ['records[0]', { ...listBody([]), records: [null] }],
    ['records[0].hostname', { ...listBody([]), records: [{ hostname: null }] }],
    ['records[1].hostname', { ...listBody([]), records: [{ hostname: 'a.example' }, {}] }],
  ])('refuses a body whose %s is not as known', (at, json) => {
    expect(mismatch(json)).toBe(at);
  });
});
