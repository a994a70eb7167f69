import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { eventually } from '../support/eventually.js';
import { asDomains, asIps, observe } from '../support/observing.js';
import type { ObserveAnswer } from '../support/observing.js';
import type { RelayStack } from '../support/relay-stack.js';
import { post, startStack, token } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';

const CROWD = 1_000;

let stack: RelayStack;
let other: ServiceProcess;
/** Whatever it stores is stale at once, for all relays. */
let hasty: ServiceProcess;
let nextName = 0;

beforeAll(async () => {
  stack = await startStack({ simulator: { acceptAnyKey: true } });
  [other, hasty] = await Promise.all([
    stack.add('relay'),
    stack.add('relay', { CACHE_FRESH_SECONDS: '0' }),
  ]);
}, 40_000);

afterAll(() => stack.stop());

beforeEach(() => {
  stack.simulator.clearFaults();
  stack.simulator.resetCounters();
});

/** An address with these names that nobody has asked for yet. */
function freshAddress(...hostnames: readonly string[]): string {
  nextName += 1;
  const address = `198.18.${nextName >> 8}.${nextName & 255}`;
  stack.simulator.setHosts(address, hostnames.length > 0 ? hostnames : ['one.example.com']);
  return address;
}

function callsAbout(subject: string): number {
  return stack.simulator.requests().filter((request) => request.subject === subject).length;
}

function namesIn({ docs }: ObserveAnswer): string[] {
  return docs.flatMap(({ relations = [] }) => relations.map(({ source }) => source.value));
}

describe('an answer that one relay has fetched', () => {
  it('is a hit in the other one, without any upstream call', async () => {
    const address = freshAddress('a.example.com', 'b.example.com');
    const first = await observe(stack.relay.url, asIps(address));
    expect(first.docs[0]?.short_description).toBe(
      'from SecurityTrails, just now, pages 1 of 1, 1 upstream call',
    );
    expect(callsAbout(address)).toBe(1);
    const second = await observe(other.url, asIps(address));
    expect(second.docs[0]?.short_description).toMatch(
      /^from cache, \d+ s old, pages 1 of 1, 0 upstream calls$/,
    );
    expect({ ...second.docs[0], short_description: '' }).toEqual({
      ...first.docs[0],
      short_description: '',
    });
    expect(callsAbout(address)).toBe(1);
  });

  it('is a hit also when it is that nothing is known', async () => {
    const name = 'nobody-knows.invalid';
    for (const { url } of [stack.relay, other, stack.relay]) {
      const { body } = await observe(url, asDomains(name));
      expect(body).toEqual({ data: {} });
    }
    expect(callsAbout(name)).toBe(2);
  });

  it('is nothing to another tenant', async () => {
    const address = freshAddress();
    await observe(stack.relay.url, asIps(address), { key: 'first-tenant' });
    await observe(stack.relay.url, asIps(address), { key: 'second-tenant' });
    await observe(other.url, asIps(address), { key: 'second-tenant' });
    expect(callsAbout(address)).toBe(2);
    const { byKey } = stack.simulator.counters();
    expect(byKey).toEqual({
      [stack.simulator.digestOf('first-tenant')]: 1,
      [stack.simulator.digestOf('second-tenant')]: 1,
    });
  });

  it('is not given to a key that upstream refuses', async () => {
    const address = freshAddress();
    await observe(stack.relay.url, asIps(address));
    const fault = { kind: 'status', status: 401, match: { key: 'made-up' } } as const;
    stack.simulator.fault(fault);
    const { docs, errors } = await observe(stack.relay.url, asIps(address), { key: 'made-up' });
    expect(docs).toEqual([]);
    expect(errors).toMatchObject([{ code: 'unauthorized' }]);
  });
});

describe('a stale answer', () => {
  it('is served at once, and refreshed once in the background', async () => {
    const address = freshAddress('old.example.com');
    await observe(hasty.url, asIps(address));
    stack.simulator.setHosts(address, ['new.example.com']);
    stack.simulator.fault({ kind: 'delay', delayMs: 2_000, match: { host: address } });
    stack.simulator.resetCounters();
    const served = await Promise.all(
      Array.from({ length: 20 }, () => observe(stack.relay.url, asIps(address))),
    );
    expect(new Set(served.flatMap(namesIn))).toEqual(new Set(['old.example.com']));
    expect(served[0]?.docs[0]?.short_description).toContain('being refreshed');
    const fresh = await eventually(
      () => observe(stack.relay.url, asIps(address)),
      (answer) => namesIn(answer).includes('new.example.com'),
    );
    expect(fresh.docs[0]?.short_description).not.toContain('being refreshed');
    expect(callsAbout(address)).toBe(1);
  });

  it.each([
    { kind: 'status', status: 500 },
    { kind: 'status', status: 401 },
    { kind: 'reset' },
    { kind: 'shape' },
  ] as const)('goes on being served while upstream answers %j', async (fault) => {
    const address = freshAddress('old.example.com');
    await observe(hasty.url, asIps(address));
    stack.simulator.fault({ ...fault, match: { host: address } });
    for (let call = 1; call <= 5; call += 1) {
      const answer = await observe(other.url, asIps(address));
      expect(namesIn(answer)).toEqual(['old.example.com']);
      expect(answer.errors).toEqual([]);
    }
  });

  it('of a history is brought up to date by one call', async () => {
    const name = 'growing.example.com';
    const days = Array.from({ length: 250 }, (_, back) =>
      new Date(Date.UTC(2025, 0, 1) - back * 172_800_000).toISOString().slice(0, 10),
    );
    const intervals = days.map((day, index) => ({
      first_seen: day,
      last_seen: day,
      values: [`198.19.${index >> 8}.${index & 255}`],
    }));
    stack.simulator.setHistory(name, 'a', intervals);
    stack.simulator.setHistory(name, 'aaaa', []);
    const claims = { GET_ALL_PAGES: true };
    await observe(hasty.url, asDomains(name), claims);
    stack.simulator.pushInterval(name, 'a', { first_seen: '2025-02-01', values: ['192.0.2.77'] });
    stack.simulator.resetCounters();
    await observe(stack.relay.url, asDomains(name), claims);
    const fresh = await eventually(
      () => observe(stack.relay.url, asDomains(name), claims),
      ({ docs }) => docs[0]?.count === 251,
    );
    expect(fresh.docs[0]?.relations?.at(0)?.related.value).toBe('192.0.2.77');
    const calls = stack.simulator.requests().filter(({ path }) => path.endsWith('/dns/a'));
    expect(calls.map(({ page }) => page)).toEqual([1]);
  });
});

describe(`${CROWD} simultaneous calls over two relays for what nobody holds`, () => {
  const delayed = { kind: 'delay', delayMs: 1_500 } as const;

  async function stampede(observables: readonly object[], claims: object): Promise<Set<string>> {
    const headers = { authorization: `Bearer ${token(claims)}` };
    const answers = await Promise.all(
      Array.from({ length: CROWD }, async (_, n) => {
        const { url } = n % 2 === 0 ? stack.relay : other;
        const { text } = await post(url, '/observe/observables', observables, headers);
        return text.replaceAll(/"short_description":"[^"]*"/g, '');
      }),
    );
    return new Set(answers);
  }

  it.each([
    ['slowly', [delayed]],
    ['at once', []],
  ] as const)(
    'make one upstream call a page when it answers %s',
    async (how, faults) => {
      const name = `crowded-${how.replace(' ', '-')}.example.com`;
      stack.simulator.setHistory(name, 'a', oneAddressEach(150));
      stack.simulator.setHistory(name, 'aaaa', []);
      faults.forEach((fault) =>
        stack.simulator.fault({ ...fault, match: { host: name, page: 1 } }),
      );
      const answers = await stampede(asDomains(name), { key: how, NUMBER_OF_PAGES: 2 });
      expect(answers.size).toBe(1);
      expect([...answers][0]).toContain('"count":150');
      const calls = stack.simulator.requests().map(({ path, page }) => `${path} ${page}`);
      expect(calls.sort()).toEqual([
        `/v1/history/${name}/dns/a 1`,
        `/v1/history/${name}/dns/a 2`,
        `/v1/history/${name}/dns/aaaa 1`,
      ]);
    },
    20_000,
  );

  it('make one upstream call when it fails slowly', async () => {
    const address = freshAddress();
    const fault = { kind: 'status', status: 418, body: 'tea', delayMs: 1_500 } as const;
    stack.simulator.fault({ ...fault, match: { host: address } });
    const answers = await stampede(asIps(address), { key: 'fails slowly' });
    expect([...answers]).toEqual([
      '{"data":{},"errors":[{"code":"unknown","message":"Unexpected response from SecurityTrails: tea","type":"fatal"}]}',
    ]);
    expect(callsAbout(address)).toBe(1);
  }, 20_000);

  it('make a call a second at most when it fails at once', async () => {
    const address = freshAddress();
    stack.simulator.fault({ kind: 'status', status: 418, match: { host: address } });
    const started = performance.now();
    const answers = await stampede(asIps(address), { key: 'fails at once' });
    const seconds = (performance.now() - started) / 1_000;
    expect(answers.size).toBe(1);
    expect(callsAbout(address)).toBeLessThanOrEqual(Math.ceil(seconds));
  }, 20_000);
});

function oneAddressEach(count: number): { first_seen: string; values: string[] }[] {
  return Array.from({ length: count }, (_, back) => ({
    first_seen: new Date(Date.UTC(2025, 0, 1) - back * 172_800_000).toISOString().slice(0, 10),
    values: [`198.19.${back >> 8}.${back & 255}`],
  }));
}

describe('a quota that is used up', () => {
  it('stops the calls of all relays for that key, until the usage says otherwise', async () => {
    const key = 'used-up-key';
    const held = freshAddress('held.example.com');
    await observe(stack.relay.url, asIps(held), { key });
    stack.simulator.setKey(key, { monthly: 10, used: 10 });
    const refusal = {
      code: 'too many requests',
      message: expect.stringMatching(/^Unexpected response from SecurityTrails: .*usage limits/),
      type: 'fatal',
    };
    stack.simulator.resetCounters();
    const first = await observe(stack.relay.url, asIps(freshAddress()), { key });
    expect(first.errors).toEqual([refusal]);
    for (const { url } of [stack.relay, other, stack.relay, other]) {
      const { errors } = await observe(url, asIps(freshAddress()), { key });
      expect(errors).toEqual([refusal]);
    }
    const answer = await observe(other.url, asIps(held), { key });
    expect([namesIn(answer), answer.errors]).toEqual([['held.example.com'], []]);
    expect(stack.simulator.counters().byEndpoint['list']).toBe(1);
    // Another key is not concerned.
    const elsewhere = await observe(other.url, asIps(freshAddress()), { key: 'another-key' });
    expect(elsewhere.errors).toEqual([]);

    stack.simulator.setKey(key, { monthly: 20 });
    const newcomer = await stack.add('relay');
    const told = await observe(newcomer.url, asIps(freshAddress()), { key });
    expect(told.errors).toEqual([refusal]);
    await eventually(
      () => observe(stack.relay.url, asIps(freshAddress()), { key }),
      ({ errors }) => errors.length === 0,
    );
  }, 20_000);
});
