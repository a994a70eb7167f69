import { describe, expect, it } from '@jest/globals';
import { acceptPing, usageOf } from './account.schema.js';
import { currentDomainOf, subdomainsOf } from './domain.schema.js';
import { ShapeMismatch } from './json.schema.js';

describe('currentDomainOf', () => {
  it('reads all types, each with its owner where it has one', () => {
    const json = {
      hostname: 'example.com',
      apex_domain: 'example.com',
      subdomain_count: 4,
      alexa_rank: null,
      current_dns: {
        a: {
          first_seen: '2024-02-11',
          values: [{ ip: '192.0.2.1', ip_count: 0, ip_organization: 'Example Hosting Inc.' }],
        },
        aaaa: { first_seen: null, values: [{ ipv6: '2001:db8::1', ipv6_organization: null }] },
        mx: { values: [{ priority: 5, hostname: 'mx.example.com', hostname_organization: 'M' }] },
        ns: {},
        soa: { values: [{ ttl: 60, email: 'dns.example.com' }] },
        txt: { values: [{ value: 'v=spf1 -all' }] },
      },
    };
    expect(currentDomainOf(json)).toEqual({
      hostname: 'example.com',
      apexDomain: 'example.com',
      subdomainCount: 4,
      current: {
        a: {
          firstSeen: '2024-02-11',
          values: [{ value: '192.0.2.1', organization: 'Example Hosting Inc.' }],
        },
        aaaa: { firstSeen: null, values: [{ value: '2001:db8::1' }] },
        mx: {
          firstSeen: null,
          values: [{ value: 'mx.example.com', priority: 5, organization: 'M' }],
        },
        soa: { firstSeen: null, values: [{ value: 'dns.example.com', ttl: 60 }] },
        txt: { firstSeen: null, values: [{ value: 'v=spf1 -all' }] },
      },
    });
  });

  it('does without what later years added', () => {
    expect(currentDomainOf({ hostname: 'example.com', current_dns: {} })).toEqual({
      hostname: 'example.com',
      current: {},
    });
  });

  it.each([
    {},
    { hostname: 'example.com' },
    { hostname: null, current_dns: {} },
    { hostname: '<b>', current_dns: {} },
    { hostname: 'example.com', current_dns: { a: [] } },
    { hostname: 'example.com', current_dns: { a: { values: 'x' } } },
  ])('refuses %j', (json) => {
    expect(() => currentDomainOf(json)).toThrow(ShapeMismatch);
  });
});

describe('subdomainsOf', () => {
  it('reads the labels and whether the plan cut them', () => {
    expect(subdomainsOf({ subdomains: ['www', 'api.eu', '<b>'] })).toEqual({
      labels: ['www', 'api.eu'],
      limitReached: false,
    });
    expect(subdomainsOf({ subdomains: [], meta: { limit_reached: true } }).limitReached).toBe(true);
  });

  it('refuses another shape', () => {
    expect(() => subdomainsOf({ subdomains: [7] })).toThrow(ShapeMismatch);
    expect(() => subdomainsOf({})).toThrow(ShapeMismatch);
  });
});

describe('usageOf', () => {
  it('reads both numbers', () => {
    const json = { current_monthly_usage: 9, allowed_monthly_usage: 600 };
    expect(usageOf(json)).toEqual({ used: 9, allowed: 600 });
  });

  it.each([{}, { current_monthly_usage: '9', allowed_monthly_usage: 600 }, null])(
    'refuses %j',
    (json) => {
      expect(() => usageOf(json)).toThrow(ShapeMismatch);
    },
  );
});

describe('acceptPing', () => {
  it('takes any object that does not deny its success', () => {
    expect(() => {
      acceptPing({ success: true });
      acceptPing({});
    }).not.toThrow();
  });

  it.each([{ success: false }, [], 'pong', null])('refuses %j', (json) => {
    expect(() => {
      acceptPing(json);
    }).toThrow(ShapeMismatch);
  });
});
