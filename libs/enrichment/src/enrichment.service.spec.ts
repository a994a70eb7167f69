import { describe, expect, it } from '@jest/globals';

import type { Observable } from '#ctim';
import { validateEntityMap } from '#ctim';

import type { Caller } from './enrichment-source.port.js';
import { NothingKnownAnswer } from './nothing-known.js';
import { EnrichmentFailure } from './problem.js';
import { words } from './testing/scripted-source.js';
import type { ScriptedRead } from './testing/scripted-source.js';
import { CALLER, documentsOf, ServiceBench } from './testing/service-bench.js';

const NAME: Observable = { type: 'domain', value: 'www.example.com' };
const ADDRESS: Observable = { type: 'ip', value: '192.0.2.44' };
const CANONICAL = { type: 'domain', value: 'www.example.com' } as const;
const DOWN = new EnrichmentFailure({ code: 'server', text: 'upstream is down', status: 503 });

function pagesOfTen(total: number) {
  return ({ id, page }: ScriptedRead) =>
    words(
      Array.from({ length: 10 }, (_, index) => `${id} ${(page - 1) * 10 + index}`),
      { total, reachable: total, more: page < total },
    );
}

function descriptions(bench: Awaited<ReturnType<ServiceBench['observe']>>): (string | undefined)[] {
  return documentsOf(bench).map(({ description }) => description);
}

/** A read that a test lets end when it likes. */
function held(bench: ServiceBench) {
  const release = Promise.withResolvers<undefined>();
  bench.source.script = async ({ id }) => {
    await release.promise;
    return words([`late ${id}`]);
  };
  return release;
}

describe('asking', () => {
  it('asks every question of every observable and keeps their order', async () => {
    const bench = new ServiceBench();
    const observed = await bench.observe([ADDRESS, NAME]);
    expect(descriptions(observed)).toEqual([
      'about list:192.0.2.44',
      'about a:www.example.com',
      'about aaaa:www.example.com',
    ]);
    expect(observed.problems).toEqual([]);
    expect(observed.lookups).toEqual(
      ['ip', 'domain', 'domain'].map((type) => ({
        type,
        outcome: 'miss',
        upstreamCalls: 1,
        ageMs: 0,
      })),
    );
  });

  it('reads once for all spellings and copies, and answers each of them', async () => {
    const bench = new ServiceBench();
    const given = ['www.example.com', 'WWW.Example.com', 'www.example.com.', 'www.example.com'];
    const observed = await bench.observe(given.map((value) => ({ type: 'domain', value })));
    expect(bench.source.reads).toHaveLength(2);
    const docs = documentsOf(observed);
    expect(docs.map(({ observables }) => observables?.[0]?.value)).toEqual(
      given.flatMap((value) => [value, value]),
    );
    expect(validateEntityMap({ sightings: { count: docs.length, docs } })).toEqual([]);
    expect(observed.lookups).toHaveLength(2);
  });

  it('passes on what nobody foresaw, and tells the caller nothing of it', async () => {
    const bench = new ServiceBench();
    const fault = new ReferenceError('a secret of ours');
    bench.source.script = () => {
      throw fault;
    };
    const observed = await bench.observe([ADDRESS]);
    expect(observed.problems).toMatchObject([{ problem: { code: 'internal', text: '' } }]);
    expect(bench.unforeseen).toEqual([fault]);
  });

  it('has nothing to say of what cannot be one of its observables', async () => {
    const bench = new ServiceBench();
    const observed = await bench.observe([
      { type: 'ip', value: '999.1.1.1' },
      { type: 'domain', value: 'not a name' },
      { type: 'ipv6', value: 'fe80::1%eth0' },
      { type: 'sha256', value: '0'.repeat(64) },
    ]);
    expect(observed).toEqual({ documents: [], problems: [], lookups: [] });
    expect(bench.source.reads).toEqual([]);
  });

  it('has nothing to say to an empty call', async () => {
    expect(await new ServiceBench().observe([])).toEqual({
      documents: [],
      problems: [],
      lookups: [],
    });
  });

  it('shares a read among calls that come while it lasts', async () => {
    const bench = new ServiceBench();
    const release = held(bench);
    const calls = Array.from({ length: 50 }, () => bench.observe([NAME]));
    release.resolve(undefined);
    const all = await Promise.all(calls);
    expect(bench.source.reads).toHaveLength(2);
    expect(all.every(({ documents }) => documents.length === 2)).toBe(true);
  });

  it('keeps what one key was told from every other', async () => {
    const bench = new ServiceBench();
    const other: Caller = { tenant: 'f'.repeat(32), apiKey: 'another' };
    await bench.observe([ADDRESS]);
    await bench.observe([ADDRESS], 1, other);
    expect(bench.source.reads.map(({ tenant }) => tenant)).toEqual([CALLER.tenant, other.tenant]);
  });

  it('puts the moment of the call on sightings where that is wanted', async () => {
    const bench = new ServiceBench({ sightingsAtQueryTime: true });
    await bench.observe([ADDRESS]);
    bench.passMinutes(10);
    const [sighting] = documentsOf(await bench.observe([ADDRESS]));
    expect(sighting?.observed_time.start_time).toBe(new Date(bench.now).toISOString());
  });
});

describe('holding', () => {
  it('asks once while an answer is fresh and says where it comes from', async () => {
    const bench = new ServiceBench();
    const [first] = documentsOf(await bench.observe([ADDRESS]));
    expect(first?.short_description).toBe(
      'from SecurityTrails, just now, pages 1 of 1, 1 upstream call',
    );
    bench.passMinutes(59);
    const observed = await bench.observe([ADDRESS]);
    expect(documentsOf(observed)[0]).toEqual({
      ...first,
      short_description: 'from cache, 59 min old, pages 1 of 1, 0 upstream calls',
    });
    expect(observed.lookups).toMatchObject([
      { outcome: 'hit', upstreamCalls: 0, ageMs: 3_540_000 },
    ]);
    expect(bench.wishes).toEqual([]);
    expect(bench.source.reads).toHaveLength(1);
  });

  it('serves a stale answer at once and asks for a refresh', async () => {
    const bench = new ServiceBench();
    await bench.observe([ADDRESS]);
    bench.passMinutes(61);
    bench.source.script = () => Promise.reject(DOWN);
    const observed = await bench.observe([ADDRESS]);
    expect(documentsOf(observed)[0]?.short_description).toBe(
      'from cache, 1 h old, being refreshed, pages 1 of 1, 0 upstream calls',
    );
    expect(observed.problems).toEqual([]);
    expect(observed.lookups).toMatchObject([{ outcome: 'stale' }]);
    expect(bench.wishes).toEqual([ADDRESS]);
    expect(bench.source.reads).toHaveLength(1);
  });

  it('asks anew when even the stale time is over', async () => {
    const bench = new ServiceBench();
    await bench.observe([ADDRESS]);
    bench.passMinutes(661);
    const observed = await bench.observe([ADDRESS]);
    expect(observed.lookups).toMatchObject([{ outcome: 'miss', upstreamCalls: 1 }]);
  });

  it.each([
    ['an empty answer', words([]), 10],
    ['a name that is not known', new NothingKnownAnswer('not_found', ''), 20],
    ['a name that is refused', new NothingKnownAnswer('invalid_name', ''), 240],
  ])('remembers %s for its time', async (_, answer, minutes) => {
    const bench = new ServiceBench();
    bench.source.script = () =>
      answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    const first = await bench.observe([ADDRESS]);
    expect(first).toMatchObject({ documents: [], problems: [] });
    bench.passMinutes(minutes - 1);
    const second = await bench.observe([ADDRESS], 100);
    expect(second).toMatchObject({
      documents: [],
      problems: [],
      lookups: [{ outcome: 'negative' }],
    });
    expect(bench.source.reads).toHaveLength(1);
    bench.passMinutes(1);
    await bench.observe([ADDRESS]);
    expect(bench.source.reads).toHaveLength(2);
  });
});

describe('depth', () => {
  it('reads as many pages as are asked for, and no page twice', async () => {
    const bench = new ServiceBench();
    bench.source.script = pagesOfTen(5);
    await bench.observe([ADDRESS], 2);
    const observed = await bench.observe([ADDRESS], 4);
    expect(bench.source.reads.map(({ page }) => page)).toEqual([1, 2, 3, 4]);
    expect(documentsOf(observed)[0]).toMatchObject({ count: 40 });
    expect(observed.lookups).toMatchObject([{ outcome: 'miss', upstreamCalls: 2 }]);
  });

  it('gives a call for one page one page, however many are held', async () => {
    const bench = new ServiceBench();
    bench.source.script = pagesOfTen(5);
    const [one] = documentsOf(await bench.observe([ADDRESS], 1));
    await bench.observe([ADDRESS], 5);
    const [again] = documentsOf(await bench.observe([ADDRESS], 1));
    expect(again).toEqual({
      ...one,
      short_description: 'from cache, 0 s old, pages 1 of 5, 0 upstream calls',
    });
  });

  it('does not make an answer younger by reading deeper', async () => {
    const bench = new ServiceBench();
    bench.source.script = pagesOfTen(5);
    await bench.observe([ADDRESS], 1);
    bench.passMinutes(59);
    const deeper = await bench.observe([ADDRESS], 2);
    expect(deeper.lookups).toMatchObject([{ ageMs: 3_540_000 }]);
    expect(documentsOf(deeper)[0]?.short_description).toBe(
      'from cache and SecurityTrails, 59 min old, pages 1-2 of 5, 1 upstream call',
    );
    bench.passMinutes(2);
    const later = await bench.observe([ADDRESS], 2);
    expect(later.lookups).toMatchObject([{ outcome: 'stale' }]);
    bench.passMinutes(600);
    expect((await bench.observe([ADDRESS], 1)).lookups).toMatchObject([{ outcome: 'miss' }]);
  });

  it('reads the first page anew before it puts deeper ones to a stale one', async () => {
    const bench = new ServiceBench();
    bench.source.script = pagesOfTen(5);
    await bench.observe([ADDRESS], 1);
    bench.passMinutes(61);
    const observed = await bench.observe([ADDRESS], 3);
    expect(bench.source.reads.map(({ page }) => page)).toEqual([1, 1, 2, 3]);
    expect(observed.lookups).toMatchObject([{ outcome: 'miss', upstreamCalls: 3, ageMs: 0 }]);
    bench.passMinutes(30);
    expect((await bench.observe([ADDRESS], 3)).lookups).toMatchObject([{ outcome: 'hit' }]);
  });

  it('keeps the pages before the one that failed, and goes on from there', async () => {
    const bench = new ServiceBench();
    const pages = pagesOfTen(5);
    bench.source.script = (read) => (read.page === 3 ? Promise.reject(DOWN) : pages(read));
    const partial = await bench.observe([ADDRESS], 5);
    expect(documentsOf(partial)[0]).toMatchObject({ count: 20 });
    expect(partial.problems).toEqual([
      { given: ADDRESS, problem: DOWN.problem, partial: true, kinds: ['list'] },
    ]);
    bench.source.script = pages;
    const whole = await bench.observe([ADDRESS], 5);
    expect(documentsOf(whole)[0]).toMatchObject({ count: 50 });
    expect(whole.problems).toEqual([]);
    expect(bench.source.reads.map(({ page }) => page)).toEqual([1, 2, 3, 3, 4, 5]);
  });

  it('gives less than was asked for rather than nothing, and says why', async () => {
    const bench = new ServiceBench();
    bench.source.script = pagesOfTen(5);
    await bench.observe([ADDRESS], 1);
    bench.passMinutes(61);
    bench.source.script = () => Promise.reject(DOWN);
    const observed = await bench.observe([ADDRESS], 3);
    expect(documentsOf(observed)[0]).toMatchObject({ count: 10 });
    expect(observed.problems).toEqual([
      { given: ADDRESS, problem: DOWN.problem, partial: true, kinds: ['list'] },
    ]);
    expect(observed.lookups).toMatchObject([{ outcome: 'error' }]);
  });

  it.each([
    ['says how many pages upstream keeps to itself to a call for all', 100, [{ pages: 493 }]],
    ['says nothing of them to a call for one page', 1, []],
    ['says nothing of them to a call for fewer than can be had', 2, []],
  ])('%s', async (_, depth, problems) => {
    const bench = new ServiceBench();
    bench.source.script = ({ page }) =>
      words([`word ${page}`], { total: 496, reachable: 3, more: page < 3 });
    const observed = await bench.observe([ADDRESS, ADDRESS], depth);
    expect(observed.problems).toMatchObject(problems);
    expect(observed.problems).toHaveLength(problems.length);
  });
});

describe('failures', () => {
  it('keep what the other question answered', async () => {
    const bench = new ServiceBench();
    bench.source.script = ({ id }) =>
      id.startsWith('aaaa') ? Promise.reject(DOWN) : words(['an address']);
    const observed = await bench.observe([NAME]);
    expect(descriptions(observed)).toEqual(['an address']);
    expect(observed.problems).toMatchObject([
      { given: NAME, problem: DOWN.problem, partial: true },
    ]);
    expect(observed.lookups).toMatchObject([{ outcome: 'miss' }, { outcome: 'error' }]);
  });

  it('are one problem an observable when both questions fail alike', async () => {
    const bench = new ServiceBench();
    bench.source.script = () => Promise.reject(DOWN);
    const observed = await bench.observe([NAME, NAME]);
    expect(observed.documents).toEqual([]);
    expect(observed.problems).toEqual([
      { given: NAME, problem: DOWN.problem, partial: false, kinds: ['a', 'aaaa'] },
    ]);
  });

  it('are two problems when the questions fail in two ways', async () => {
    const bench = new ServiceBench();
    bench.source.script = ({ id }) =>
      Promise.reject(id.startsWith('aaaa') ? DOWN : new TypeError('inside of ours'));
    const { problems } = await bench.observe([NAME]);
    expect(problems.map(({ problem }) => problem)).toEqual([
      { code: 'internal', text: '' },
      DOWN.problem,
    ]);
  });

  it('of one observable leave the others alone', async () => {
    const bench = new ServiceBench();
    bench.source.script = ({ id }) =>
      id.startsWith('list') ? Promise.reject(DOWN) : words(['an address']);
    const observed = await bench.observe([ADDRESS, NAME]);
    expect(observed.documents).toHaveLength(2);
    expect(observed.problems).toMatchObject([{ given: ADDRESS, partial: false }]);
  });

  it('are not remembered', async () => {
    const bench = new ServiceBench();
    bench.source.script = () => Promise.reject(DOWN);
    await bench.observe([ADDRESS]);
    bench.source.script = () => words(['up again']);
    expect(descriptions(await bench.observe([ADDRESS]))).toEqual(['up again']);
  });
});

describe('the deadline', () => {
  it('gives what is there, and the rest to the next call without a second read', async () => {
    const bench = new ServiceBench({ deadlineMs: 20 });
    await bench.observe([ADDRESS]);
    const release = held(bench);
    const observed = await bench.observe([ADDRESS, NAME]);
    expect(descriptions(observed)).toMatchObject(['about list:192.0.2.44']);
    expect(observed.problems).toMatchObject([
      { given: NAME, problem: { code: 'deadline', text: '20' }, partial: false },
    ]);
    release.resolve(undefined);
    await bench.service.idle();
    const next = await bench.observe([NAME]);
    expect(descriptions(next)).toEqual(['late a:www.example.com', 'late aaaa:www.example.com']);
    expect(next.lookups).toMatchObject([{ outcome: 'hit' }, { outcome: 'hit' }]);
    expect(bench.source.reads).toHaveLength(3);
  });

  it('gives the shallower answer that is held', async () => {
    const bench = new ServiceBench({ deadlineMs: 20 });
    bench.source.script = pagesOfTen(3);
    await bench.observe([ADDRESS], 1);
    const release = held(bench);
    const observed = await bench.observe([ADDRESS], 3);
    expect(documentsOf(observed)[0]).toMatchObject({ count: 10 });
    expect(observed.problems).toMatchObject([{ problem: { code: 'deadline' }, partial: true }]);
    release.resolve(undefined);
    await bench.service.idle();
  });

  it('has nobody to tell of a failure that comes after it', async () => {
    const bench = new ServiceBench({ deadlineMs: 20 });
    const release = held(bench);
    await bench.observe([ADDRESS]);
    release.reject(DOWN);
    await expect(bench.service.idle()).resolves.toBeUndefined();
  });
});

describe('refreshing', () => {
  it('brings what is stale up to date in the background lane', async () => {
    const bench = new ServiceBench();
    await bench.observe([NAME]);
    bench.passMinutes(61);
    bench.source.script = ({ id }) => words([`new ${id}`]);
    await bench.service.refresh(CALLER, CANONICAL);
    expect(bench.source.reads.slice(2).map(({ lane }) => lane)).toEqual([
      'background',
      'background',
    ]);
    const observed = await bench.observe([NAME]);
    expect(descriptions(observed)).toEqual(['new a:www.example.com', 'new aaaa:www.example.com']);
    expect(observed.lookups).toMatchObject([{ outcome: 'hit' }, { outcome: 'hit' }]);
  });

  it('leaves what is fresh alone', async () => {
    const bench = new ServiceBench();
    await bench.observe([NAME]);
    await bench.service.refresh(CALLER, CANONICAL);
    expect(bench.source.reads).toHaveLength(2);
  });

  it('fetches what is not held at all', async () => {
    const bench = new ServiceBench();
    await bench.service.refresh(CALLER, CANONICAL);
    expect((await bench.observe([NAME])).lookups).toMatchObject([
      { outcome: 'hit' },
      { outcome: 'hit' },
    ]);
  });

  it('keeps the depth that is held, for one read', async () => {
    const bench = new ServiceBench();
    bench.source.script = pagesOfTen(1);
    await bench.observe([ADDRESS], 5);
    bench.passMinutes(61);
    await bench.service.refresh(CALLER, { type: 'ip', value: ADDRESS.value });
    expect(bench.source.reads).toHaveLength(2);
    const observed = await bench.observe([ADDRESS], 5);
    expect(observed.lookups).toMatchObject([{ outcome: 'hit', ageMs: 0 }]);
  });

  it('tells what became of each question, and keeps what is held', async () => {
    const bench = new ServiceBench();
    await bench.observe([NAME]);
    bench.passMinutes(61);
    bench.source.script = ({ id }) =>
      id.startsWith('aaaa') ? words(['new']) : Promise.reject(DOWN);
    expect(await bench.service.refresh(CALLER, CANONICAL)).toMatchObject([
      { kind: 'a', recordType: 'A', state: 'failed', problem: DOWN.problem },
      {
        kind: 'aaaa',
        recordType: 'AAAA',
        state: 'read',
        fetchedAt: bench.now,
        complete: true,
        intervals: [{ values: ['new'] }],
      },
    ]);
    const observed = await bench.observe([NAME]);
    expect(descriptions(observed)).toEqual(['about a:www.example.com', 'new']);
    expect(observed.lookups).toMatchObject([{ outcome: 'stale' }, { outcome: 'hit' }]);
  });

  it('tells what kept a deeper page from being read', async () => {
    const bench = new ServiceBench();
    bench.source.script = pagesOfTen(5);
    await bench.observe([ADDRESS], 2);
    bench.passMinutes(61);
    bench.source.script = ({ page }) =>
      page === 1
        ? words(['all', 'new'], { total: 5, reachable: 5, more: true })
        : Promise.reject(DOWN);
    expect(await bench.service.refresh(CALLER, { type: 'ip', value: ADDRESS.value })).toMatchObject(
      [{ state: 'failed', problem: DOWN.problem }],
    );
  });

  it('takes what was fetched since an instant, and asks anew for what was before', async () => {
    const bench = new ServiceBench();
    await bench.observe([NAME]);
    const fetchedAt = bench.now;
    bench.passMinutes(1);
    const held = await bench.service.refresh(CALLER, CANONICAL, { since: fetchedAt });
    expect(held.map(({ state }) => state)).toEqual(['held', 'held']);
    expect(bench.source.reads).toHaveLength(2);
    const read = await bench.service.refresh(CALLER, CANONICAL, { since: fetchedAt + 1 });
    expect(read.map(({ state }) => state)).toEqual(['read', 'read']);
  });

  it('reads nothing known as a complete history without intervals', async () => {
    const bench = new ServiceBench();
    bench.source.script = () => Promise.reject(new NothingKnownAnswer('not_found', ''));
    expect(await bench.service.refresh(CALLER, CANONICAL)).toMatchObject([
      { state: 'read', complete: true, intervals: [] },
      { state: 'read', complete: true, intervals: [] },
    ]);
  });

  it('asks nothing about a question that rests, and answers it beyond the usual life', async () => {
    const bench = new ServiceBench();
    bench.source.script = ({ id }) => words(id.startsWith('aaaa') ? [] : ['here']);
    await bench.service.refresh(CALLER, CANONICAL);
    const readAt = bench.now;
    bench.passMinutes(60 * 24);
    const plan = {
      since: bench.now,
      resting: new Map([['aaaa', readAt]]),
      keepMs: 36 * 3_600_000,
    };
    const ends = await bench.service.refresh(CALLER, CANONICAL, plan);
    expect(ends.map(({ state }) => state)).toEqual(['read', 'resting']);
    bench.passMinutes(60 * 5);
    const { lookups } = await bench.observe([NAME]);
    expect(lookups).toMatchObject([{ outcome: 'stale' }, { outcome: 'negative' }]);
    expect(bench.source.reads.map(({ id }) => id)).toEqual([
      'a:www.example.com',
      'aaaa:www.example.com',
      'a:www.example.com',
    ]);
  });

  it('reads a first history to the depth that is wanted, telling of each page', async () => {
    const bench = new ServiceBench();
    bench.source.script = pagesOfTen(5);
    const pages: [number, number][] = [];
    const ends = await bench.service.refresh(
      CALLER,
      { type: 'ip', value: ADDRESS.value },
      { depth: 3, onPage: (...page) => pages.push(page) },
    );
    expect(ends).toMatchObject([{ state: 'read', complete: false }]);
    expect(pages.map(([fetched]) => fetched)).toEqual([1, 2, 3]);
  });

  it('takes over nothing for an observable that no source knows', async () => {
    const bench = new ServiceBench();
    await bench.service.refresh(CALLER, { type: 'domain', value: 'localhost' });
    expect(bench.source.reads).toEqual([]);
  });
});

describe('with a tier in memory', () => {
  it('answers as without it', async () => {
    const bench = new ServiceBench({ memoryEntries: 100 });
    const first = await bench.observe([NAME, ADDRESS]);
    const second = await bench.observe([NAME, ADDRESS]);
    expect(documentsOf(second).map(({ id }) => id)).toEqual(documentsOf(first).map(({ id }) => id));
    expect(second.lookups.map(({ outcome }) => outcome)).toEqual(['hit', 'hit', 'hit']);
    expect(bench.source.reads).toHaveLength(3);
  });
});
