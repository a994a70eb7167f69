import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { Answer, RelayStack } from '../support/relay-stack.js';
import { post, startStack } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';

let stack: RelayStack;

beforeAll(async () => {
  stack = await startStack();
}, 30_000);

afterAll(() => stack.stop());

beforeEach(() => {
  stack.simulator.resetCounters();
});

/** Without a token. */
function refer(observables: readonly object[], url = stack.relay.url): Promise<Answer> {
  return post(url, '/refer/observables', observables, {});
}

describe('the links to SecurityTrails', () => {
  it.each([
    ['ip', '192.0.2.44', 'IP', 'https://securitytrails.com/list/ip/192.0.2.44'],
    ['ipv6', '2001:db8::44', 'IPv6', 'https://securitytrails.com/list/ip/2001:db8::44'],
    ['domain', 'shop.example', 'domain', 'https://securitytrails.com/domain/shop.example/dns'],
  ])('lead from an %s to its page', async (type, value, label, url) => {
    const { status, json } = await refer([{ type, value }]);
    expect(status).toBe(200);
    expect(json).toEqual({
      data: [
        {
          id: `ref-securitytrails-search-${type}-${value}`,
          title: `Search for this ${label}`,
          description: `Lookup this ${label} on SecurityTrails`,
          categories: ['Search', 'SecurityTrails'],
          url,
        },
      ],
    });
  });

  it('come in the order of the call, doubles included, without what is not ours', async () => {
    const { json } = await refer([
      { type: 'domain', value: 'b.example.com' },
      { type: 'sha256', value: '0a' },
      { type: 'ip', value: '192.0.2.1' },
      { type: 'domain', value: 'b.example.com' },
    ]);
    const ids = (json as { data: { id: string }[] }).data.map(({ id }) => id);
    expect(ids).toEqual([
      'ref-securitytrails-search-domain-b.example.com',
      'ref-securitytrails-search-ip-192.0.2.1',
      'ref-securitytrails-search-domain-b.example.com',
    ]);
  });

  it('cost no upstream call', async () => {
    await refer([{ type: 'domain', value: 'b.example.com' }]);
    expect(stack.simulator.counters().total).toBe(0);
  });

  it('are given whatever the token, since none is asked for', async () => {
    const headers = { authorization: 'Bearer nonsense' };
    const { json } = await post(
      stack.relay.url,
      '/refer/observables',
      [{ type: 'ip', value: '192.0.2.1' }],
      headers,
    );
    expect(json).toHaveProperty('data.0.id', 'ref-securitytrails-search-ip-192.0.2.1');
  });

  it.each([
    ['B.Example.COM', 'https://securitytrails.com/domain/B.Example.COM/dns'],
    ['b\u00fccher.example.com', 'https://securitytrails.com/domain/b%C3%BCcher.example.com/dns'],
  ])('of the name %s are URLs', async (value, url) => {
    const { json } = await refer([{ type: 'domain', value }]);
    expect(json).toHaveProperty('data.0.url', url);
    expect(json).toHaveProperty('data.0.id', `ref-securitytrails-search-domain-${value}`);
  });

  it.each([
    ['domain', 'x/../../app/account'],
    ['domain', 'a.example.com?next=https://evil.example.com'],
    ['domain', 'a.example.com#top'],
    ['domain', 'a.example.com/dns\r\nX-Injected: 1'],
    ['domain', 'javascript:alert(1)'],
    ['domain', '<script>alert(1)</script>.example.com'],
    ['domain', '@evil.example.com'],
    ['domain', '%2e%2e%2f.example.com'],
    ['domain', ' '],
    ['domain', '.'],
    ['ip', '192.0.2.1/'],
    ['ip', '192.0.2.1/24'],
    ['ip', '../../account'],
    ['ipv6', '2001:db8::1%25eth0'],
    ['ipv6', '[2001:db8::1]'],
    ['Domain', 'b.example.com'],
    ['url', 'https://b.example.com/'],
  ])('are not given for the impossible %s %j', async (type, value) => {
    const { status, json } = await refer([{ type, value }]);
    expect(status).toBe(200);
    expect(json).toEqual({ data: [] });
  });

  it('encode what remains odd in a name', async () => {
    const { json } = await refer([{ type: 'domain', value: ' padded.example.com ' }]);
    expect(json).toHaveProperty(
      'data.0.url',
      'https://securitytrails.com/domain/padded.example.com/dns',
    );
  });
});

describe('SECURITYTRAILS_UI_URL', () => {
  let relay: ServiceProcess;

  beforeAll(async () => {
    relay = await stack.add('relay', { SECURITYTRAILS_UI_URL: 'https://trails.example.com/ui/' });
  }, 20_000);

  it('is where the links lead', async () => {
    const { json } = await refer([{ type: 'ip', value: '192.0.2.1' }], relay.url);
    expect(json).toHaveProperty('data.0.url', 'https://trails.example.com/ui/list/ip/192.0.2.1');
  });
});
