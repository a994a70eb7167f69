import { describe, expect, it } from '@jest/globals';

import { TenantDigest } from './tenant-digest.js';

const KEY = 'a-key-of-a-customer';

describe('TenantDigest', () => {
  it('is 32 hexadecimal characters that do not have the key in them', () => {
    const tenant = new TenantDigest().of(KEY);
    expect(tenant).toMatch(/^[0-9a-f]{32}$/);
    expect(tenant).not.toContain(Buffer.from(KEY).toString('hex').slice(0, 8));
  });

  it('is the same in every process, asked for once or twice', () => {
    const digest = new TenantDigest('digest key');
    const tenant = digest.of(KEY);
    expect(digest.of(KEY)).toBe(tenant);
    expect(new TenantDigest('digest key').of(KEY)).toBe(tenant);
  });

  it('is another for another API key and under another digest key', () => {
    const tenants = [
      new TenantDigest().of(KEY),
      new TenantDigest().of(`${KEY} `),
      new TenantDigest('one').of(KEY),
      new TenantDigest('two').of(KEY),
    ];
    expect(new Set(tenants).size).toBe(4);
  });

  it('takes an empty digest key for none', () => {
    expect(new TenantDigest('').of(KEY)).toBe(new TenantDigest().of(KEY));
  });
});
