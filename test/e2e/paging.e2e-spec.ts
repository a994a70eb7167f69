import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { Observable } from '#ctim';

import { asDomains, asIps, observe } from '../support/observing.js';
import type { ObserveAnswer } from '../support/observing.js';
import type { RelayStack } from '../support/relay-stack.js';
import { startStack } from '../support/relay-stack.js';

/** Four full pages and a bit; one address an interval. */
const INTERVALS = 432;
const PAGES = 5;

let stack: RelayStack;
let nextKey = 0;

beforeAll(async () => {
  stack = await startStack({ simulator: { acceptAnyKey: true } });
  stack.simulator.setHistory('paged.example.com', 'a', manyIntervals(INTERVALS));
  stack.simulator.setHistory('paged.example.com', 'aaaa', []);
}, 30_000);

afterAll(() => stack.stop());

beforeEach(() => {
  stack.simulator.clearFaults();
  stack.simulator.resetCounters();
});

function manyIntervals(
  count: number,
): { first_seen: string; last_seen: string; values: string[] }[] {
  return Array.from({ length: count }, (_, back) => {
    const day = new Date(Date.UTC(2025, 0, 1) - back * 172_800_000).toISOString().slice(0, 10);
    const address = `198.18.${back >> 8}.${back & 255}`;
    return { first_seen: day, last_seen: day, values: [address] };
  });
}

/** With a key that nobody has used: nothing is held for it. */
function askAnew(observables: readonly Observable[], claims: object): Promise<ObserveAnswer> {
  nextKey += 1;
  return observe(stack.relay.url, observables, { key: `key-${nextKey}`, ...claims });
}

function pagesRead(part: string): number[] {
  return stack.simulator
    .requests()
    .filter(({ path }) => path.endsWith(part))
    .map(({ page }) => page);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** relay-protocol 3.4, by row. */
const CLAIMS: readonly (readonly [claims: object, pages: number])[] = [
  [{}, 1],
  [{ NUMBER_OF_PAGES: -1 }, 1],
  [{ NUMBER_OF_PAGES: 'many' }, 1],
  [{ NUMBER_OF_PAGES: '' }, 1],
  [{ NUMBER_OF_PAGES: [] }, 1],
  [{ NUMBER_OF_PAGES: '2.9' }, 1],
  [{ NUMBER_OF_PAGES: 1 }, 1],
  [{ NUMBER_OF_PAGES: 2.9 }, 2],
  [{ NUMBER_OF_PAGES: true }, 1],
  [{ NUMBER_OF_PAGES: '3' }, 3],
  [{ NUMBER_OF_PAGES: 1_000 }, PAGES],
  [{ NUMBER_OF_PAGES: 0 }, PAGES],
  [{ NUMBER_OF_PAGES: '0' }, PAGES],
  [{ NUMBER_OF_PAGES: 2, GET_ALL_PAGES: false }, 2],
  [{ NUMBER_OF_PAGES: 2, GET_ALL_PAGES: 'False' }, 2],
  [{ NUMBER_OF_PAGES: 2, GET_ALL_PAGES: true }, PAGES],
  [{ GET_ALL_PAGES: 'true' }, PAGES],
  [{ GET_ALL_PAGES: 0 }, PAGES],
  [{ GET_ALL_PAGES: '' }, PAGES],
  [{ GET_ALL_PAGES: 'no' }, PAGES],
  [{ GET_ALL_PAGES: null }, PAGES],
];

describe('the paging claims', () => {
  it.each(CLAIMS)('%j read %i page(s), no ping and no warning', async (claims, pages) => {
    const { docs, errors } = await askAnew(asDomains('paged.example.com'), claims);
    expect(pagesRead('/dns/a')).toEqual(upTo(pages));
    expect(pagesRead('/dns/aaaa')).toEqual([1]);
    expect(stack.simulator.counters().byEndpoint).toEqual({ history: pages + 1 });
    expect(docs[0]?.count).toBe(Math.min(pages * 100, INTERVALS));
    expect(errors).toEqual([]);
  });

  it('belong to their call: two at a time do not mix', async () => {
    const names = Array.from({ length: 6 }, (_, n) => `mix-${n}.example.com`);
    names.forEach((name) => {
      stack.simulator.setHistory(name, 'a', manyIntervals(250));
      stack.simulator.setHistory(name, 'aaaa', []);
    });
    const answers = await Promise.all(
      names.map((name, n) => askAnew(asDomains(name), { NUMBER_OF_PAGES: (n % 3) + 1 })),
    );
    expect(answers.map(({ docs }) => docs[0]?.count)).toEqual([100, 200, 250, 100, 200, 250]);
  });

  it('get deeper: only the missing pages are read; shallower calls read none', async () => {
    const key = 'deeper';
    const ask = (pages: number): Promise<ObserveAnswer> =>
      observe(stack.relay.url, asDomains('paged.example.com'), { key, NUMBER_OF_PAGES: pages });
    await ask(2);
    const deeper = await ask(4);
    expect(pagesRead('/dns/a')).toEqual([1, 2, 3, 4]);
    expect(deeper.docs[0]?.count).toBe(400);
    const shallower = await ask(1);
    expect(pagesRead('/dns/a')).toEqual([1, 2, 3, 4]);
    expect(shallower.docs[0]?.count).toBe(100);
  });
});

describe('pages that upstream keeps to itself', () => {
  it('are warned of, in the words of the contract', async () => {
    const { docs, errors } = await askAnew(asIps('192.0.2.100'), { GET_ALL_PAGES: true });
    expect(pagesRead('/domains/list')).toEqual(upTo(100));
    expect(docs[0]?.count).toBe(40_741);
    expect(docs[0]?.relations).toHaveLength(10_000);
    expect(errors).toEqual([
      {
        code: 'unprocessed pages',
        type: 'warning',
        message:
          'There are 308 page(s) left unprocessedfor 192.0.2.100. Please contact support@securitytrails.com to download the data',
      },
    ]);
  });

  it('are not warned of when fewer pages were wanted', async () => {
    const { errors } = await askAnew(asIps('192.0.2.100'), { NUMBER_OF_PAGES: 3 });
    expect(pagesRead('/domains/list')).toEqual([1, 2, 3]);
    expect(errors).toEqual([]);
  });
});

describe('a page that fails', () => {
  it('leaves the pages before it, with a warning that says why', async () => {
    stack.simulator.fault({
      kind: 'status',
      status: 500,
      body: 'oops',
      match: { host: 'paged.example.com', page: 3 },
    });
    const { docs, errors } = await askAnew(asDomains('paged.example.com'), { GET_ALL_PAGES: true });
    expect(docs.map(({ count }) => count)).toEqual([200]);
    expect(errors).toEqual([
      {
        code: 'unknown',
        type: 'warning',
        message: 'Unexpected response from SecurityTrails: oops (A of paged.example.com)',
      },
    ]);
  });

  it('is asked for again by the next call, the pages before it are not', async () => {
    const key = 'again';
    const ask = (): Promise<ObserveAnswer> =>
      observe(stack.relay.url, asDomains('paged.example.com'), { key, GET_ALL_PAGES: true });
    const takeAway = stack.simulator.fault({ kind: 'status', status: 403, match: { page: 3 } });
    await ask();
    takeAway();
    stack.simulator.resetCounters();
    const { docs, errors } = await ask();
    expect(errors).toEqual([]);
    expect(docs[0]?.count).toBe(INTERVALS);
    expect(pagesRead('/dns/a')).toEqual([3, 4, 5]);
  });

  it.each([400, 404, 406])('with %i ends the list without a word', async (status) => {
    stack.simulator.fault({
      kind: 'status',
      status,
      match: { host: 'paged.example.com', page: 2 },
    });
    const { docs, errors } = await askAnew(asDomains('paged.example.com'), { GET_ALL_PAGES: true });
    expect(docs[0]?.count).toBe(100);
    expect(errors).toEqual([]);
  });

  it('without records ends the list', async () => {
    stack.simulator.fault({
      kind: 'shape',
      body: { type: 'a/ipv4', records: [], pages: 5 },
      match: { host: 'paged.example.com', recordType: 'a', page: 3 },
    });
    const { docs, errors } = await askAnew(asDomains('paged.example.com'), { GET_ALL_PAGES: true });
    expect(docs[0]?.count).toBe(200);
    expect(errors).toEqual([]);
    expect(pagesRead('/dns/a')).toEqual([1, 2, 3]);
  });
});
