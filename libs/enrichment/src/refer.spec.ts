import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Observable } from '#ctim';

import { referral, referUrl } from './refer.js';

const UI = 'https://securitytrails.com';

describe('referral', () => {
  it.each<[Observable['type'], string, string, string]>([
    ['ip', '192.0.2.44', 'IP', `${UI}/list/ip/192.0.2.44`],
    ['ipv6', '2001:db8::1', 'IPv6', `${UI}/list/ip/2001:db8::1`],
    ['domain', 'www.example.com', 'domain', `${UI}/domain/www.example.com/dns`],
  ])('of an %s is as the contract has it', (type, value, label, url) => {
    expect(referral(UI, { type, value })).toEqual({
      id: `ref-securitytrails-search-${type}-${value}`,
      title: `Search for this ${label}`,
      description: `Lookup this ${label} on SecurityTrails`,
      categories: ['Search', 'SecurityTrails'],
      url,
    });
  });

  it('keeps the spelling of the caller', () => {
    expect(referral(UI, { type: 'domain', value: 'WWW.Example.com' })).toMatchObject({
      id: 'ref-securitytrails-search-domain-WWW.Example.com',
      url: `${UI}/domain/WWW.Example.com/dns`,
    });
  });

  it.each<Observable>([
    { type: 'ip', value: '999.0.2.1' },
    { type: 'domain', value: 'a/../../admin' },
    { type: 'sha256', value: '0'.repeat(64) },
  ])('is not there for %j', (observable) => {
    expect(referral(UI, observable)).toBeUndefined();
    expect(referUrl(UI, observable)).toBeUndefined();
  });

  it('leads nowhere else, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ip', 'ipv6', 'domain'),
        fc.oneof(fc.string(), fc.domain(), fc.ipV6(), fc.constant('a.example.com/../x?y#z')),
        (type, value) => {
          const url = referUrl(UI, { type, value });
          const parsed = new URL(url ?? `${UI}/list/ip/none`);
          expect(parsed.origin).toBe(UI);
          expect(parsed.search + parsed.hash).toBe('');
          expect(parsed.pathname).toMatch(/^\/(?:list\/ip\/[^/]+|domain\/[^/]+\/dns)$/);
        },
      ),
    );
  });
});
