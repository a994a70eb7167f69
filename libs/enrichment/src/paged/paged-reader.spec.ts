import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { NothingKnownAnswer } from '../nothing-known.js';
import { EnrichmentFailure } from '../problem.js';
import type { Interval } from '../sources/dns-history/interval.js';
import { day, historyOf, HistoryUpstream, interval } from '../testing/history-upstream.js';
import { deepen, refresh, renew } from './paged-reader.js';
import { itemsOf } from './pages.js';
import type { Pages } from './pages.js';

const THROTTLED = new EnrichmentFailure({ code: 'throttled', text: 'slow down' });
const PAST_THE_END = new NothingKnownAnswer('not_found', '');

/** What a reader that asks for the first time holds. */
async function held(upstream: HistoryUpstream, depth: number): Promise<Pages<Interval>> {
  const { pages } = await deepen(upstream, undefined, depth);
  upstream.reads.length = 0;
  return pages;
}

/** The history after so many new intervals; the one that ran has ended. */
function grown(intervals: readonly Interval[], by: number): readonly Interval[] {
  const [running, ...ended] = intervals;
  const start = intervals.length * 2;
  const fresh = Array.from({ length: by }, (_, index) =>
    interval(start + (by - 1 - index) * 2, start + (by - index) * 2 - 1, `198.51.100.${index % 9}`),
  );
  return running === undefined ? fresh : [...fresh, { ...running, last: day(start) }, ...ended];
}

describe('deepen', () => {
  it.each([
    [1, [1], 100],
    [3, [1, 2, 3], 300],
    [5, [1, 2, 3, 4, 5], 432],
    [100, [1, 2, 3, 4, 5], 432],
  ])('reads for %i page(s) the pages %j', async (depth, reads, items) => {
    const upstream = new HistoryUpstream(historyOf(432));
    const { pages, problem } = await deepen(upstream, undefined, depth);
    expect(problem).toBeUndefined();
    expect(upstream.reads).toEqual(reads);
    expect(pages.items).toEqual(upstream.intervals.slice(0, items));
    expect(pages.total).toBe(5);
  });

  it('reads only the pages that are missing', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    const two = await held(upstream, 2);
    const { pages } = await deepen(upstream, two, 4);
    expect(upstream.reads).toEqual([3, 4]);
    expect(pages.items).toEqual(upstream.intervals.slice(0, 400));
  });

  it('reads nothing when enough is held', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    const three = await held(upstream, 3);
    expect((await deepen(upstream, three, 2)).pages).toBe(three);
    expect(upstream.reads).toEqual([]);
  });

  it('reads nothing when all is held', async () => {
    const upstream = new HistoryUpstream(historyOf(150));
    const all = await held(upstream, 2);
    await deepen(upstream, all, 100);
    expect(upstream.reads).toEqual([]);
  });

  it('loses and doubles nothing when the history grows between two pages', async () => {
    const upstream = new HistoryUpstream(historyOf(250));
    const first = await held(upstream, 1);
    upstream.intervals = grown(upstream.intervals, 1);
    const { pages } = await deepen(upstream, first, 3);
    expect(pages.items.map(({ first: begun }) => begun)).toEqual(
      historyOf(250).map(({ first: begun }) => begun),
    );
    expect(pages.sizes).toEqual([100, 99, 51]);
  });

  it('keeps what it has when a later page fails, and says why', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    upstream.failures.set(3, THROTTLED);
    const { pages, problem } = await deepen(upstream, undefined, 5);
    expect(pages.items).toEqual(upstream.intervals.slice(0, 200));
    expect(pages).toMatchObject({ sizes: [100, 100], total: 5, complete: false });
    expect(problem).toEqual({ code: 'throttled', text: 'slow down' });
    expect(upstream.reads).toEqual([1, 2, 3]);
  });

  it('goes on where it failed', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    upstream.failures.set(3, THROTTLED);
    const { pages } = await deepen(upstream, undefined, 5);
    upstream.failures.clear();
    upstream.reads.length = 0;
    expect((await deepen(upstream, pages, 5)).pages.items).toEqual(upstream.intervals);
    expect(upstream.reads).toEqual([3, 4, 5]);
  });

  it('takes "nothing known" of a later page for the end', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    upstream.failures.set(3, PAST_THE_END);
    const { pages, problem } = await deepen(upstream, undefined, 5);
    expect(problem).toBeUndefined();
    expect(pages).toMatchObject({ sizes: [100, 100], complete: true });
  });

  it.each([
    ['a failure', THROTTLED],
    ['"nothing known"', PAST_THE_END],
  ])('throws %s of the first page', async (_, error) => {
    const upstream = new HistoryUpstream(historyOf(10));
    upstream.failures.set(1, error);
    await expect(deepen(upstream, undefined, 1)).rejects.toBe(error);
  });

  it('says of an error that nobody foresaw only that there was one', async () => {
    const upstream = new HistoryUpstream(historyOf(200));
    upstream.failures.set(2, new TypeError('inside of ours'));
    expect((await deepen(upstream, undefined, 2)).problem).toEqual({ code: 'internal', text: '' });
  });
});

describe('refresh', () => {
  it('costs one read when one new interval came', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    const all = await held(upstream, 5);
    upstream.intervals = grown(upstream.intervals, 1);
    const pages = await refresh(upstream, all);
    expect(upstream.reads).toEqual([1]);
    expect(pages.items).toEqual(upstream.intervals);
    expect(pages).toMatchObject({ sizes: [100, 100, 100, 100, 33], complete: true });
  });

  it('costs one read when nothing is new but the last day of the running interval', async () => {
    const upstream = new HistoryUpstream(historyOf(300));
    const two = await held(upstream, 2);
    upstream.intervals = grown(upstream.intervals, 0);
    const pages = await refresh(upstream, two);
    expect(upstream.reads).toEqual([1]);
    expect(pages.items).toEqual(upstream.intervals.slice(0, 200));
    expect(pages.items[0]?.last).toBe(day(600));
    expect(pages.complete).toBe(false);
  });

  it('lets go of what is not a whole page below, so that deepening finds no hole', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    upstream.pageSize = 95;
    const three = await held(upstream, 3);
    const pages = await refresh(upstream, three);
    expect(pages.sizes).toEqual([95, 100]);
    const { pages: deeper } = await deepen(upstream, pages, 5);
    expect(deeper.items).toEqual(upstream.intervals.slice(0, 475));
  });

  it('reads on while the head does not join, at most as deep as was held', async () => {
    const upstream = new HistoryUpstream(historyOf(300));
    const two = await held(upstream, 2);
    upstream.intervals = grown(upstream.intervals, 350);
    const pages = await refresh(upstream, two);
    expect(upstream.reads).toEqual([1, 2]);
    expect(pages.items).toEqual(upstream.intervals.slice(0, 200));
    expect(pages.complete).toBe(false);
  });

  it('stops reading on as soon as it joins', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    const all = await held(upstream, 5);
    upstream.intervals = grown(upstream.intervals, 150);
    const pages = await refresh(upstream, all);
    expect(upstream.reads).toEqual([1, 2]);
    expect(pages.items).toEqual(upstream.intervals);
    expect(pages.complete).toBe(true);
  });

  it('takes a head that is all there is for all there is', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    const all = await held(upstream, 5);
    upstream.intervals = historyOf(3);
    const pages = await refresh(upstream, all);
    expect(upstream.reads).toEqual([1]);
    expect(pages).toMatchObject({ items: upstream.intervals, sizes: [3], complete: true });
  });

  it('does not read on where a changed head means that all has changed', async () => {
    const upstream = new HistoryUpstream(historyOf(300));
    const two = await held(upstream, 2);
    upstream.intervals = grown(upstream.intervals, 350);
    const list = {
      chase: false,
      key: (item: Interval) => upstream.key(item),
      older: () => undefined,
      read: (page: number) => upstream.read(page),
    };
    const pages = await refresh(list, two);
    expect(upstream.reads).toEqual([1]);
    expect(pages).toMatchObject({ sizes: [100], complete: false });
  });

  it('throws when page 1 fails', async () => {
    const upstream = new HistoryUpstream(historyOf(300));
    const two = await held(upstream, 2);
    upstream.failures.set(1, THROTTLED);
    await expect(refresh(upstream, two)).rejects.toBe(THROTTLED);
  });

  it('throws when a later page fails, so that deeper pages that are held are not lost', async () => {
    const upstream = new HistoryUpstream(historyOf(300));
    const two = await held(upstream, 2);
    upstream.intervals = grown(upstream.intervals, 150);
    upstream.failures.set(2, THROTTLED);
    await expect(refresh(upstream, two)).rejects.toBe(THROTTLED);
  });

  it('takes "nothing known" of a later page for the end', async () => {
    const upstream = new HistoryUpstream(historyOf(300));
    const two = await held(upstream, 2);
    upstream.intervals = grown(upstream.intervals, 150);
    upstream.failures.set(2, PAST_THE_END);
    expect(await refresh(upstream, two)).toMatchObject({ sizes: [100], complete: true });
  });
});

describe('renew', () => {
  it('reads page 1 anew and then only what is missing', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    const two = await held(upstream, 2);
    upstream.intervals = grown(upstream.intervals, 1);
    const { pages } = await renew(upstream, two, 4);
    expect(upstream.reads).toEqual([1, 3, 4]);
    expect(pages.items).toEqual(upstream.intervals.slice(0, 400));
  });

  it('reads all pages when nothing is held', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    await renew(upstream, undefined, 2);
    expect(upstream.reads).toEqual([1, 2]);
  });

  it('stops at the first failure', async () => {
    const upstream = new HistoryUpstream(historyOf(432));
    const two = await held(upstream, 2);
    upstream.intervals = grown(upstream.intervals, 150);
    upstream.failures.set(2, THROTTLED);
    await expect(renew(upstream, two, 4)).rejects.toBe(THROTTLED);
    expect(upstream.reads).toEqual([1, 2]);
  });
});

describe('a history that grows', () => {
  const scene = fc.record({
    length: fc.integer({ min: 1, max: 60 }),
    depth: fc.integer({ min: 1, max: 8 }),
    growth: fc.array(fc.nat({ max: 25 }), { minLength: 1, maxLength: 4 }),
  });

  it('is after refreshes what reading it anew gives, in no more reads', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ length, depth, growth }) => {
        const upstream = new HistoryUpstream(historyOf(length * 10));
        let pages = await held(upstream, depth);
        for (const by of growth) {
          upstream.intervals = grown(upstream.intervals, by * 10);
          pages = await refresh(upstream, pages);
          const refreshing = upstream.reads.splice(0);
          const anew = await deepen(upstream, undefined, pages.sizes.length);
          expect(pages.items).toEqual(upstream.intervals.slice(0, pages.items.length));
          expect(itemsOf(anew.pages, pages.sizes.length)).toEqual(
            upstream.intervals.slice(0, anew.pages.items.length),
          );
          expect(pages.items.length).toBeGreaterThanOrEqual(anew.pages.items.length);
          expect(refreshing.length).toBeLessThanOrEqual(upstream.reads.splice(0).length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('costs one read a refresh while less than a page is new, however deep it is held', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 101, max: 500 }), fc.nat(99), async (length, by) => {
        const upstream = new HistoryUpstream(historyOf(length));
        const all = await held(upstream, 100);
        upstream.intervals = grown(upstream.intervals, by);
        expect((await refresh(upstream, all)).items).toEqual(upstream.intervals);
        expect(upstream.reads).toEqual([1]);
      }),
      { numRuns: 40 },
    );
  });

  it('has no hole after a refresh and a deepening, also with pages that are not full', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 90, max: 100 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(120),
        async (pageSize, depth, by) => {
          const upstream = new HistoryUpstream(historyOf(450));
          upstream.pageSize = pageSize;
          const some = await held(upstream, depth);
          upstream.intervals = grown(upstream.intervals, by);
          const { pages } = await renew(upstream, some, 100);
          expect(pages.items).toEqual(upstream.intervals);
          expect(pages.complete).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});
