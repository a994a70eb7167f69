import { describe, expect, it } from '@jest/globals';

import { TenantDigest } from './tenant-digest.js';

const API_KEY = 'invented-api-key-1';

describe('TenantDigest', () => {
  it('names a key with 32 hex characters that do not contain it', () => {
    expect(new TenantDigest('pepper').of(API_KEY)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('names a key alike in every process that has the digest key', () => {
    const first = new TenantDigest('pepper');
    expect(first.of(API_KEY)).toBe(new TenantDigest('pepper').of(API_KEY));
    expect(first.of(API_KEY)).toBe(first.of(API_KEY));
  });

  it('names two keys apart, and one key apart under two digest keys', () => {
    const names = new Set([
      new TenantDigest('pepper').of(API_KEY),
      new TenantDigest('pepper').of('invented-api-key-2'),
      new TenantDigest('salt').of(API_KEY),
      new TenantDigest().of(API_KEY),
    ]);
    expect(names.size).toBe(4);
  });

  it('takes an empty digest key for none, and an empty API key for a key', () => {
    expect(new TenantDigest('').of(API_KEY)).toBe(new TenantDigest().of(API_KEY));
    expect(new TenantDigest().of('')).toMatch(/^[0-9a-f]{32}$/);
  });
});
