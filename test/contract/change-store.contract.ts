import { isDeepStrictEqual } from 'node:util';

import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { cursorOf, HistoryWatch } from '#changes';
import type {
  Change,
  ChangeFilter,
  ChangeKind,
  ChangeStore,
  HistoryStore,
  Look,
  Retention,
  StoredChange,
  Subject,
} from '#changes';

export interface ChangeStoresUnderTest {
  readonly histories: HistoryStore;
  readonly changes: ChangeStore;
}

type Open = (retention: Retention) => Promise<ChangeStoresUnderTest>;

const TENANT = '0123456789abcdef0123456789abcdef';
const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-01T12:00:00Z');
const KEEP: Retention = { most: 1_000, keepMs: 365 * DAY_MS };

function subject(value = 'example.com', more: Partial<Subject> = {}): Subject {
  return { tenant: TENANT, observable: { type: 'domain', value }, recordType: 'A', ...more };
}

function address(value: string): Subject {
  return subject(value, { observable: { type: 'ip', value } });
}

function hosts(of: Subject, day: number, names: readonly string[], lists: readonly string[]): Look {
  return {
    ...of,
    at: START + day * DAY_MS,
    intervals: names.map((name) => ({ first: null, last: null, values: [name], orgs: [] })),
    reach: 'all',
    watchlists: lists,
  };
}

/** A name that had one address on the day before the start and another on each day from then on. */
function moving(of: Subject, day: number, lists: readonly string[] = []): Look {
  const on = (at: number) => new Date(START + at * DAY_MS).toISOString().slice(0, 10);
  const intervals = Array.from({ length: day + 2 }, (_, index) => ({
    first: on(day - index),
    last: on(day - index),
    values: [`192.0.2.${day - index + 1}`],
    orgs: [],
  }));
  return { ...of, at: START + day * DAY_MS, intervals, reach: 'all', watchlists: lists };
}

/** What every pair of a history store and a change store does. */
export function changeStoreContract(open: Open): void {
  describe('a store of changes', () => {
    let stores: ChangeStoresUnderTest;
    let watch: HistoryWatch;

    const reopen = async (retention: Retention) => {
      stores = await open(retention);
      watch = new HistoryWatch(stores.histories);
    };
    beforeEach(() => reopen(KEEP));

    const under: Under = {
      get changes() {
        return stores.changes;
      },
      get histories() {
        return stores.histories;
      },
      get watch() {
        return watch;
      },
      reopen,
    };
    itHoldsHistories(under);
    itPages(under);
    itFilters(under);
    itAcknowledges(under);
    itTrims(under);
  });
}

interface Under extends ChangeStoresUnderTest {
  readonly watch: HistoryWatch;
  readonly reopen: (retention: Retention) => Promise<void>;
}

async function all(under: Under, filter: ChangeFilter = {}): Promise<readonly StoredChange[]> {
  return (await under.changes.page({ tenant: TENANT, first: 1_000, filter })).changes;
}

/** Looks on the days 0…last, which raise two changes a day from the second on. */
async function watchDays(under: Under, of: Subject, last: number, lists: readonly string[] = []) {
  const found: Change[] = [];
  for (let day = 0; day <= last; day += 1) {
    found.push(...(await under.watch.apply(moving(of, day, lists))).changes);
  }
  return found;
}

function itHoldsHistories(under: Under): void {
  it('holds nothing to begin with', async () => {
    await expect(under.histories.read([])).resolves.toEqual([]);
    await expect(under.histories.read([subject()])).resolves.toEqual([null]);
    await expect(under.watch.known(subject())).resolves.toBeUndefined();
    await expect(all(under)).resolves.toEqual([]);
    await expect(under.changes.count({ tenant: TENANT })).resolves.toBe(0);
    await expect(under.changes.find(TENANT, ['ch_none'])).resolves.toEqual([null]);
    await expect(under.changes.find(TENANT, [])).resolves.toEqual([]);
  });

  it('keeps apart tenants, types of record and observables', async () => {
    const others = [
      subject('example.net'),
      subject('example.com', { recordType: 'NS' }),
      subject('example.com', { tenant: 'f'.repeat(32) }),
    ];
    await under.watch.apply(moving(subject(), 0));
    for (const other of others) {
      expect((await under.watch.apply(moving(other, 1))).outcome).toBe('baseline');
    }
    expect((await under.watch.apply(moving(subject(), 2))).changes).toHaveLength(3);
    await expect(under.changes.count({ tenant: 'f'.repeat(32) })).resolves.toBe(0);
  });

  it('writes nothing when another version is held', async () => {
    await under.watch.apply(moving(subject(), 0));
    const [held] = await under.histories.read([subject()]);
    const history = held!.history;
    const commit = { subject: subject(), history: { ...history, lookedAt: 1 }, changes: [] };
    for (const expected of [0, held!.version + 1, held!.version - 1]) {
      await expect(under.histories.commit({ ...commit, expected })).resolves.toBeUndefined();
    }
    await expect(under.histories.read([subject()])).resolves.toEqual([held]);
    const { version: expected } = held!;
    await expect(under.histories.commit({ ...commit, expected })).resolves.toEqual([]);
  });

  it('writes a change once, also when another history brings it again', async () => {
    await under.watch.apply(moving(subject(), 0));
    const first = await under.watch.apply(moving(subject(), 1));
    expect(first.changes).toHaveLength(2);
    await under.watch.forget(subject());
    await under.watch.apply(moving(subject(), 0));
    const again = await under.watch.apply(moving(subject(), 1));
    expect(again).toEqual({ outcome: 'compared', changes: [] });
    await expect(under.changes.count({ tenant: TENANT })).resolves.toBe(2);
  });

  it('takes no account of a look that is not later than the latest', async () => {
    await watchDays(under, subject(), 2);
    const before = await under.histories.read([subject()]);
    for (const day of [2, 1]) {
      const result = await under.watch.apply(moving(subject(), day));
      expect(result).toEqual({ outcome: 'outdated', changes: [] });
    }
    await expect(under.histories.read([subject()])).resolves.toEqual(before);
  });

  it('raises each fact once when many look at once, in whatever order', async () => {
    const looks = Array.from({ length: 8 }, (_, index) => moving(subject(), 1 + (index % 3)));
    await under.watch.apply(moving(subject(), 0));
    const results = await Promise.all(looks.map((look) => under.watch.apply(look)));
    const written = results.flatMap(({ changes }) => changes.map(({ id }) => id)).sort();
    const kept = (await all(under)).map(({ id }) => id).sort();
    expect(written).toEqual(kept);
    expect(new Set(kept).size).toBe(kept.length);
    const added = (await all(under, { kind: 'ADDED' })).map(({ value }) => value).sort();
    expect(added).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.4']);
  });

  it('gives back a back-test of what is held, and names what is not', async () => {
    await watchDays(under, subject(), 3);
    await under.watch.apply(hosts(address('192.0.2.9'), 0, ['a.example.com'], []));
    const query = {
      subjects: [subject(), subject('example.net'), address('192.0.2.9')],
      since: '2026-03-03',
      most: 10,
    };
    const result = await under.watch.backtest(query);
    expect(result.changes.map(({ kind, value }) => `${kind} ${value}`).sort()).toEqual([
      'ADDED 192.0.2.3',
      'ADDED 192.0.2.4',
      'ENDED 192.0.2.2',
      'ENDED 192.0.2.3',
    ]);
    const part = await under.watch.backtest({ ...query, most: 3 });
    expect(part).toEqual({ ...result, changes: result.changes.slice(0, 3) });
    expect(result.byObservable).toEqual([
      { observable: subject().observable, added: 2, ended: 2, returned: 0 },
    ]);
    expect(result.notHeld).toEqual([subject('example.net').observable]);
  });

  it('gives back what was known at an instant', async () => {
    await watchDays(under, subject(), 2);
    const at = (day: number) => under.watch.asKnownAt(subject(), START + day * DAY_MS);
    await expect(at(-1)).resolves.toBeUndefined();
    expect((await at(1))?.map(({ values }) => values[0])).toEqual([
      '192.0.2.2',
      '192.0.2.1',
      '192.0.2.0',
    ]);
  });
}

function itPages(under: Under): void {
  const page = (first: number, after?: string) =>
    under.changes.page({ tenant: TENANT, first, ...(after !== undefined && { after }) });

  it('gives everything newest first, in pages of any size', async () => {
    await watchDays(under, subject(), 7);
    const whole = await all(under);
    expect(whole).toHaveLength(14);
    const times = whole.map(({ detectedAt }) => detectedAt);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    for (const size of [1, 3, 7, 14, 15]) {
      const paged: StoredChange[] = [];
      let next = await page(size);
      paged.push(...next.changes);
      while (next.hasMore) {
        next = await page(size, cursorOf(next.changes.at(-1)!));
        paged.push(...next.changes);
      }
      expect(paged).toEqual(whole);
    }
  });

  it('goes on where it was while changes come and the one of the cursor goes', async () => {
    await under.reopen({ most: 10, keepMs: KEEP.keepMs });
    await watchDays(under, subject(), 5);
    const before = await all(under);
    const first = await page(4);
    const cursor = cursorOf(first.changes.at(-1)!);
    await under.watch.apply(moving(subject(), 6));
    await under.watch.apply(moving(subject(), 7));
    const second = await page(10, cursor);
    // Ten are kept: four came, so the four oldest went.
    expect(second.changes).toEqual(before.slice(4, 6));
    await under.watch.apply(moving(subject(), 10));
    expect((await page(10, cursor)).changes).toEqual([]);
  });

  it('has nothing for another tenant', async () => {
    await watchDays(under, subject(), 2);
    const other = await under.changes.page({ tenant: 'f'.repeat(32), first: 10 });
    expect(other).toEqual({ changes: [], hasMore: false });
  });

  it.each([0, -1, 1.5, 1_001, Number.NaN])('refuses a page of %p', async (first) => {
    await expect(page(first)).rejects.toMatchObject({ code: 'bad_page_size' });
  });

  it('refuses a cursor that nobody gave', async () => {
    await expect(page(5, 'bm90aGluZw')).rejects.toMatchObject({ code: 'bad_cursor' });
  });
}

function itFilters(under: Under): void {
  const filters: fc.Arbitrary<ChangeFilter> = fc
    .record(
      {
        watchlistId: fc.constantFrom('wl_one', 'wl_two', 'wl_none'),
        type: fc.constantFrom('ip' as const, 'domain' as const, 'ipv6' as const),
        value: fc.constantFrom('example.com', 'example.net', '192.0.2.9', 'example.org'),
        kind: fc.constantFrom<ChangeKind>('ADDED', 'ENDED', 'RETURNED', 'BACKFILLED'),
        since: fc.integer({ min: -1, max: 6 }).map((day) => START + day * DAY_MS),
        until: fc.integer({ min: -1, max: 6 }).map((day) => START + day * DAY_MS),
      },
      { requiredKeys: [] },
    )
    .map((filter) => ({ ...filter }));

  function fits(change: StoredChange, filter: ChangeFilter): boolean {
    const { watchlistId, since = 0, until = Infinity, ...equal } = filter;
    const { kind, detectedAt, watchlists, observable } = change;
    return (
      (watchlistId === undefined || watchlists.includes(watchlistId)) &&
      detectedAt >= since &&
      detectedAt <= until &&
      isDeepStrictEqual({ kind, ...observable, ...equal }, { kind, ...observable })
    );
  }

  it('finds what has all that is asked for, in pages and in number', async () => {
    await watchDays(under, subject(), 4, ['wl_one', 'wl_two']);
    await watchDays(under, subject('example.net'), 3, ['wl_two']);
    const readings = [['a'], ['a', 'b'], ['b'], ['a', 'b'], []];
    for (const [day, names] of readings.entries()) {
      const names_ = names.map((name) => `${name}.example.com`);
      await under.watch.apply(hosts(address('192.0.2.9'), day, names_, ['wl_one']));
    }
    const whole = await all(under);
    expect(new Set(whole.map(({ kind }) => kind))).toEqual(new Set(['ADDED', 'ENDED', 'RETURNED']));
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const expected = whole.filter((change) => fits(change, filter));
        await expect(all(under, filter)).resolves.toEqual(expected);
        await expect(under.changes.count({ tenant: TENANT, filter })).resolves.toBe(
          expected.length,
        );
        const some = await under.changes.page({ tenant: TENANT, first: 2, filter });
        expect(some).toEqual({ changes: expected.slice(0, 2), hasMore: expected.length > 2 });
      }),
    );
  });
}

function itAcknowledges(under: Under): void {
  it('marks changes once, with who and when', async () => {
    await watchDays(under, subject(), 1);
    const [one, two] = (await all(under)).map(({ id }) => id);
    const acknowledge = (ids: readonly string[], by: string, at: number) =>
      under.changes.acknowledge({ tenant: TENANT, ids, by, at });
    await expect(acknowledge([one!, one!, 'ch_none'], 'ana', 1_000)).resolves.toEqual({
      acknowledged: [one],
      already: [],
      unknown: ['ch_none'],
    });
    await expect(acknowledge([two!, one!], 'ben', 2_000)).resolves.toEqual({
      acknowledged: [two],
      already: [one],
      unknown: [],
    });
    await expect(under.changes.find(TENANT, [two!, 'ch_none', one!])).resolves.toMatchObject([
      { acknowledgedAt: 2_000, acknowledgedBy: 'ben' },
      null,
      { acknowledgedAt: 1_000, acknowledgedBy: 'ana' },
    ]);
    await expect(acknowledge([], 'ana', 1)).resolves.toEqual({
      acknowledged: [],
      already: [],
      unknown: [],
    });
  });

  it('marks nothing of another tenant', async () => {
    await watchDays(under, subject(), 1);
    const [one] = (await all(under)).map(({ id }) => id);
    const tenant = 'f'.repeat(32);
    await expect(
      under.changes.acknowledge({ tenant, ids: [one!], by: 'ana', at: 1 }),
    ).resolves.toMatchObject({ unknown: [one] });
    await expect(all(under)).resolves.toContainEqual(
      expect.objectContaining({ id: one, acknowledgedAt: null }),
    );
  });
}

function itTrims(under: Under): void {
  it('keeps the newest when there are too many, and forgets all else of the rest', async () => {
    await under.reopen({ most: 4, keepMs: KEEP.keepMs });
    const found = await watchDays(under, subject(), 5, ['wl_one']);
    const kept = await all(under);
    expect(kept.map(({ detectedAt }) => (detectedAt - START) / DAY_MS)).toEqual([5, 5, 4, 4]);
    await expect(all(under, { watchlistId: 'wl_one' })).resolves.toEqual(kept);
    await expect(all(under, { value: 'example.com' })).resolves.toEqual(kept);
    await expect(under.changes.find(TENANT, [found[0]!.id])).resolves.toEqual([null]);
  });

  it('lets go of what is too old, the acknowledged too', async () => {
    await under.reopen({ most: 1_000, keepMs: 3 * DAY_MS });
    await watchDays(under, subject(), 3);
    const ids = (await all(under)).map(({ id }) => id);
    await under.changes.acknowledge({ tenant: TENANT, ids, by: 'ana', at: 1 });
    await expect(under.changes.trim(TENANT, START + 4 * DAY_MS)).resolves.toBe(0);
    await expect(under.changes.trim(TENANT, START + 5 * DAY_MS)).resolves.toBe(2);
    await expect(under.changes.count({ tenant: TENANT })).resolves.toBe(4);
    await expect(under.changes.trim(TENANT, START + 50 * DAY_MS)).resolves.toBe(4);
    await expect(under.changes.find(TENANT, ids)).resolves.toEqual(ids.map(() => null));
  });

  it('lets go of what is too old when something new comes', async () => {
    await under.reopen({ most: 1_000, keepMs: 3 * DAY_MS });
    await watchDays(under, subject(), 9);
    const days = (await all(under)).map(({ detectedAt }) => (detectedAt - START) / DAY_MS);
    expect(new Set(days)).toEqual(new Set([9, 8, 7, 6]));
  });
}
