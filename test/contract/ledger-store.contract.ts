import { beforeEach, describe, expect, it } from '@jest/globals';

import { Ledger, LedgerRefusal } from '#ledger';
import type { CallOrder, LedgerGroup, LedgerParts, LedgerRow, LedgerStore, Payer } from '#ledger';

const TENANT = '0123456789abcdef0123456789abcdef';
const OTHER_TENANT = 'fedcba9876543210fedcba9876543210';
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-10T12:00:00Z');
const MONTH_END = Date.parse('2026-04-01T00:00:00Z');
const GROUPS: readonly LedgerGroup[] = ['CAUSE', 'WATCHLIST', 'OBSERVABLE', 'ENDPOINT', 'DAY'];

function order(more: Partial<CallOrder> = {}): CallOrder {
  return {
    tenant: TENANT,
    cause: 'OBSERVE',
    lane: 'interactive',
    endpoint: 'history/a',
    observable: { type: 'domain', value: 'example.com' },
    payers: [],
    ...more,
  };
}

function refresh(...payers: readonly Payer[]): CallOrder {
  return order({ cause: 'REFRESH', lane: 'background', payers });
}

function list(watchlistId: string, monthlyBudget: number | null = null): Payer {
  return { watchlistId, monthlyBudget };
}

function total(rows: readonly LedgerRow[]): { calls: number; failed: number } {
  return {
    calls: rows.reduce((sum, { calls }) => sum + calls, 0),
    failed: rows.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** A store behind a line that may be cut: what it is sent arrives late, or its answers get lost. */
class CutStore {
  isCut = false;
  readonly #late: Parameters<LedgerStore['book']>[0][] = [];
  readonly store: LedgerStore;
  readonly #inner: LedgerStore;

  constructor(inner: LedgerStore) {
    this.#inner = inner;
    this.store = {
      book: (request) => {
        if (this.isCut && !request.isTrial) {
          this.#late.push(request);
        }
        return this.#pass(() => inner.book(request));
      },
      settle: (tenant, settlements) => this.#pass(() => inner.settle(tenant, settlements)),
      sweep: (before) => this.#pass(() => inner.sweep(before)),
      books: (tenant, at) => this.#pass(() => inner.books(tenant, at)),
      dayLines: (tenant, days) => this.#pass(() => inner.dayLines(tenant, days)),
      observableLines: (tenant, days) => this.#pass(() => inner.observableLines(tenant, days)),
      claim: (claim) => this.#pass(() => inner.claim(claim)),
      learn: (tenant, at, usage) => this.#pass(() => inner.learn(tenant, at, usage)),
    };
  }

  /** The bookings that were sent while it was cut arrive after all. */
  async deliver(): Promise<void> {
    for (const request of this.#late.splice(0)) {
      await this.#inner.book(request);
    }
  }

  #pass<T>(run: () => Promise<T>): Promise<T> {
    return this.isCut ? Promise.reject(new Error('The line is cut')) : run();
  }
}

/** What every ledger does, whatever it is kept in. */
export function ledgerStoreContract(open: () => Promise<LedgerStore>): void {
  describe('a ledger', () => {
    let store: LedgerStore;
    let now: number;
    let ids: number;
    let troubles: unknown[];

    const start = (more: Partial<LedgerParts> = {}): Ledger =>
      new Ledger({
        store,
        clock: () => now,
        newId: () => `call-${(ids += 1)}`,
        interactiveReserve: 0,
        onTrouble: (error) => troubles.push(error),
        ...more,
      });
    const book = async (ledger: Ledger, one: CallOrder, times = 1): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        await ledger.close(await ledger.book(one), 'answered');
      }
    };
    const codeOf = async (ledger: Ledger, one: CallOrder): Promise<string> =>
      ledger.book(one).then(
        ({ watchlistId }) => `booked for ${watchlistId}`,
        (error: unknown) => (error instanceof LedgerRefusal ? error.code : String(error)),
      );

    beforeEach(async () => {
      store = await open();
      now = START;
      ids = 0;
      troubles = [];
    });

    describe('as a book', () => {
      it('shows the same sums however the calls are grouped', async () => {
        const ledger = start();
        await ledger.learnUsage(TENANT, 'untold');
        await ledger.close(await ledger.book(order()), 'answered');
        await ledger.close(await ledger.book(order({ cause: 'HEALTH' })), 'failed');
        await ledger.book(refresh(list('one')));
        now += DAY_MS;
        const ping: CallOrder = {
          tenant: TENANT,
          cause: 'HEALTH',
          lane: 'interactive',
          endpoint: 'ping|pong',
          payers: [],
        };
        await ledger.close(await ledger.book(ping), 'throttled');
        const sums = await Promise.all(
          GROUPS.map(async (groupBy) => total(await ledger.rows({ tenant: TENANT, groupBy }))),
        );
        expect(sums).toEqual(GROUPS.map(() => ({ calls: 4, failed: 2 })));
      });

      it('tells each group by its key', async () => {
        const ledger = start();
        await ledger.learnUsage(TENANT, 'untold');
        await book(ledger, refresh(list('one')), 2);
        await ledger.close(await ledger.book(order({ endpoint: 'ips|list' })), 'failed');
        now += DAY_MS;
        await ledger.book(order({ cause: 'HEALTH', endpoint: 'ping' }));
        const rows = async (groupBy: LedgerGroup): Promise<unknown[][]> =>
          (await ledger.rows({ tenant: TENANT, groupBy })).map((row) =>
            Object.values<unknown>({ ...row }),
          );
        await expect(rows('CAUSE')).resolves.toEqual([
          ['REFRESH', 'REFRESH', null, 2, 0],
          ['HEALTH', 'HEALTH', null, 1, 0],
          ['OBSERVE', 'OBSERVE', null, 1, 1],
        ]);
        await expect(rows('WATCHLIST')).resolves.toEqual([
          ['-', null, null, 2, 1],
          ['one', null, 'one', 2, 0],
        ]);
        await expect(rows('ENDPOINT')).resolves.toEqual([
          ['history/a', null, null, 2, 0],
          ['ips|list', null, null, 1, 1],
          ['ping', null, null, 1, 0],
        ]);
        await expect(rows('DAY')).resolves.toEqual([
          ['2026-03-10', null, null, 3, 1],
          ['2026-03-11', null, null, 1, 0],
        ]);
        await expect(rows('OBSERVABLE')).resolves.toEqual([
          ['domain:example.com', null, null, 4, 1],
        ]);
      });

      it('keeps calls about no observable under a dash', async () => {
        const ledger = start();
        const { observable, ...ping } = order({ cause: 'HEALTH' });
        expect(observable).toBeDefined();
        await book(ledger, ping);
        await expect(ledger.rows({ tenant: TENANT, groupBy: 'OBSERVABLE' })).resolves.toEqual([
          { key: '-', cause: null, watchlistId: null, calls: 1, failed: 0 },
        ]);
      });

      it('reads from the day of the first instant to that of the last', async () => {
        const ledger = start();
        for (let day = 0; day < 4; day += 1) {
          await book(ledger, order(), day + 1);
          now += DAY_MS;
        }
        const query = { tenant: TENANT, groupBy: 'DAY' } as const;
        const since = START + DAY_MS;
        const midnight = Date.parse('2026-03-13T00:00:00Z');
        const days = async (more: { since?: number; until?: number }) =>
          (await ledger.rows({ ...query, ...more })).map(({ key }) => key);
        await expect(days({ since, until: midnight })).resolves.toEqual([
          '2026-03-11',
          '2026-03-12',
        ]);
        await expect(days({ since, until: midnight + 1 })).resolves.toHaveLength(3);
        await expect(days({ until: START })).resolves.toEqual(['2026-03-10']);
        await expect(days({ since: 0, until: 1e15 })).resolves.toHaveLength(4);
        await expect(days({ since, until: since - 2 * DAY_MS })).resolves.toEqual([]);
      });

      it('counts a call from its booking on, and moves it to its result', async () => {
        const ledger = start();
        const booking = await ledger.book(order());
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 1, used: 1 });
        const sums = async () => total(await ledger.rows({ tenant: TENANT, groupBy: 'CAUSE' }));
        await expect(sums()).resolves.toEqual({ calls: 1, failed: 0 });
        await ledger.close(booking, 'failed');
        await ledger.close(booking, 'failed');
        await expect(sums()).resolves.toEqual({ calls: 1, failed: 1 });
      });

      it('keeps tenants apart', async () => {
        const ledger = start();
        await book(ledger, order(), 3);
        await book(ledger, order({ tenant: OTHER_TENANT }), 1);
        await expect(ledger.account(OTHER_TENANT)).resolves.toMatchObject({ own: 1 });
        const rows = await ledger.rows({ tenant: TENANT, groupBy: 'DAY' });
        expect(total(rows).calls).toBe(3);
      });

      it('gives up a call whose process died, as unknown, and puts it right if it ends after all', async () => {
        const ledger = start();
        const booking = await ledger.book(order());
        now += 2 * MINUTE_MS;
        await expect(ledger.sweep()).resolves.toBe(0);
        now += 1;
        await expect(ledger.sweep()).resolves.toBe(1);
        await expect(ledger.sweep()).resolves.toBe(0);
        const sums = async () =>
          total(await ledger.rows({ tenant: TENANT, groupBy: 'OBSERVABLE' }));
        await expect(sums()).resolves.toEqual({ calls: 1, failed: 0 });
        await ledger.close(booking, 'failed');
        await expect(sums()).resolves.toEqual({ calls: 1, failed: 1 });
      });

      it('books a call to the day and month of its beginning', async () => {
        const ledger = start();
        now = MONTH_END - 1;
        const booking = await ledger.book(order());
        now = MONTH_END + 1;
        await ledger.close(booking, 'failed');
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 0, month: '2026-04' });
        const rows = await ledger.rows({ tenant: TENANT, groupBy: 'DAY', since: START });
        expect(rows).toMatchObject([{ key: '2026-03-31', calls: 1, failed: 1 }]);
      });

      it('books a booking that is repeated once', async () => {
        const ledger = start({ newId: () => 'the-same' });
        await expect(codeOf(ledger, order({ payers: [list('one')] }))).resolves.toBe(
          'booked for one',
        );
        await expect(codeOf(ledger, order({ payers: [list('one')] }))).resolves.toBe(
          'booked for one',
        );
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 1 });
      });
    });

    describe('as a limit', () => {
      it('refuses every call once the hard limit is reached, until the month ends', async () => {
        const ledger = start({ hardMonthlyLimit: 3 });
        await book(ledger, order(), 3);
        for (const cause of ['OBSERVE', 'OPERATOR', 'HEALTH'] as const) {
          await expect(ledger.book(order({ cause }))).rejects.toMatchObject({
            name: 'LedgerRefusal',
            code: 'hard_limit',
            retryAt: MONTH_END,
          });
        }
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 3, remaining: 0 });
        now = MONTH_END;
        await book(ledger, order());
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 1, remaining: 2 });
      });

      it('takes a hard limit of nought at its word', async () => {
        await expect(codeOf(start({ hardMonthlyLimit: 0 }), order())).resolves.toBe('hard_limit');
      });

      it('believes upstream when it has counted more', async () => {
        const ledger = start({ hardMonthlyLimit: 100 });
        await book(ledger, order(), 5);
        await ledger.learnUsage(TENANT, { used: 98, allowed: 100 });
        await expect(ledger.account(TENANT)).resolves.toMatchObject({
          own: 5,
          upstreamUsed: 98,
          allowed: 100,
          asOf: START,
          used: 98,
          remaining: 2,
        });
        await book(ledger, order(), 2);
        await expect(codeOf(ledger, order())).resolves.toBe('hard_limit');
      });

      it('believes itself when it has counted more', async () => {
        const ledger = start({ hardMonthlyLimit: 6 });
        await book(ledger, order(), 5);
        await ledger.learnUsage(TENANT, { used: 2, allowed: 6 });
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ used: 5, remaining: 1 });
        await book(ledger, order());
        await expect(codeOf(ledger, order())).resolves.toBe('hard_limit');
      });

      it('does not take a call under way for one that upstream has counted', async () => {
        const ledger = start();
        await ledger.book(order());
        await ledger.learnUsage(TENANT, { used: 10, allowed: 100 });
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ used: 11 });
      });

      it("lets upstream say to an analyst that the account's allowance is used up", async () => {
        const ledger = start();
        await ledger.learnUsage(TENANT, { used: 100, allowed: 100 });
        await book(ledger, order(), 2);
        await book(ledger, order({ cause: 'HEALTH' }));
        await expect(codeOf(ledger, refresh())).resolves.toBe('reserve');
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ used: 103, remaining: 0 });
      });

      it('keeps the reserve from the background, not from analysts', async () => {
        const ledger = start({ interactiveReserve: 0.25, hardMonthlyLimit: 10 });
        await ledger.learnUsage(TENANT, { used: 0, allowed: 10 });
        await book(ledger, refresh(), 7);
        await expect(ledger.book(refresh())).rejects.toMatchObject({
          code: 'reserve',
          retryAt: MONTH_END,
        });
        await expect(codeOf(ledger, order({ lane: 'background', cause: 'HEALTH' }))).resolves.toBe(
          'reserve',
        );
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ reserve: 3, remaining: 3 });
        await book(ledger, order(), 3);
        await expect(codeOf(ledger, order())).resolves.toBe('hard_limit');
      });

      it('holds the background until the allowance of this month is known', async () => {
        const ledger = start();
        await expect(ledger.book(refresh())).rejects.toMatchObject({
          code: 'quota_unknown',
          retryAt: START + MINUTE_MS,
        });
        await book(ledger, order());
        await book(ledger, order({ cause: 'HEALTH', lane: 'background' }));
        await ledger.learnUsage(TENANT, 'failed');
        await expect(codeOf(ledger, refresh())).resolves.toBe('quota_unknown');
        await ledger.learnUsage(TENANT, { used: 1, allowed: 100 });
        await book(ledger, refresh());
        now = MONTH_END;
        await expect(codeOf(ledger, refresh())).resolves.toBe('quota_unknown');
      });

      it.each([['untold' as const], [{ used: 7, allowed: 0 }]])(
        'lets the background go on when the account tells no allowance: %j',
        async (usage) => {
          const ledger = start({ hardMonthlyLimit: 10, interactiveReserve: 0.1 });
          await ledger.learnUsage(TENANT, usage);
          const used = usage === 'untold' ? 0 : usage.used;
          await book(ledger, refresh(), 9 - used);
          await expect(codeOf(ledger, refresh())).resolves.toBe('reserve');
          await expect(ledger.account(TENANT)).resolves.toMatchObject({ allowed: null, limit: 10 });
        },
      );

      it('begins anew with the month, whatever upstream had counted', async () => {
        const ledger = start({ hardMonthlyLimit: 10 });
        await ledger.learnUsage(TENANT, { used: 10, allowed: 100 });
        await expect(codeOf(ledger, order())).resolves.toBe('hard_limit');
        now = MONTH_END - 1;
        await expect(codeOf(ledger, order())).resolves.toBe('hard_limit');
        now = MONTH_END;
        await expect(ledger.account(TENANT)).resolves.toMatchObject({
          used: 0,
          upstreamUsed: null,
          asOf: null,
          limit: 10,
        });
        await book(ledger, order());
      });

      it('does not take what was asked in one month for the next', async () => {
        const ledger = start();
        now = MONTH_END - 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
        now = MONTH_END;
        await ledger.learnUsage(TENANT, { used: 90, allowed: 100 });
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ used: 0, allowed: null });
      });

      it('looks ahead without changing anything', async () => {
        const ledger = start({ hardMonthlyLimit: 1 });
        await expect(ledger.refusal(order())).resolves.toBeUndefined();
        await expect(ledger.refusal(order())).resolves.toBeUndefined();
        await expect(ledger.refusal(refresh())).resolves.toMatchObject({ code: 'quota_unknown' });
        await book(ledger, order());
        await expect(ledger.refusal(order())).resolves.toMatchObject({ code: 'hard_limit' });
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 1 });
      });
    });

    describe('with budgets', () => {
      let ledger: Ledger;
      beforeEach(async () => {
        ledger = start();
        await ledger.learnUsage(TENANT, 'untold');
      });

      it('lets the first list pay that still may, then the next, then none', async () => {
        const call = refresh(list('one', 2), list('two', 1));
        const paid = [];
        for (let time = 0; time < 4; time += 1) {
          paid.push(await codeOf(ledger, call));
        }
        expect(paid).toEqual(['booked for one', 'booked for one', 'booked for two', 'budget']);
        await expect(ledger.refusal(call)).resolves.toMatchObject({
          code: 'budget',
          retryAt: MONTH_END,
        });
        const { byList } = await ledger.account(TENANT);
        expect([...byList].sort()).toEqual([
          ['one', 2],
          ['two', 1],
        ]);
        now = MONTH_END;
        await ledger.learnUsage(TENANT, 'untold');
        await expect(codeOf(ledger, call)).resolves.toBe('booked for one');
      });

      it('lets a list without a budget of its own pay for all', async () => {
        const call = refresh(list('one', 0), list('two'));
        await expect(codeOf(ledger, call)).resolves.toBe('booked for two');
      });

      it('never refuses an operator for a budget, and the first list pays', async () => {
        const call = order({ cause: 'OPERATOR', payers: [list('one', 0), list('two', 0)] });
        await expect(codeOf(ledger, call)).resolves.toBe('booked for one');
        const { byList } = await ledger.account(TENANT);
        expect(byList.get('one')).toBe(1);
      });

      it('lets nobody in particular pay when there is no list', async () => {
        await expect(codeOf(ledger, refresh())).resolves.toBe('booked for null');
      });
    });

    describe("asking for upstream's own count", () => {
      it('falls to exactly one of many', async () => {
        const ledgers = Array.from({ length: 20 }, () => start());
        const wanted = await Promise.all(ledgers.map((ledger) => ledger.usageWanted(TENANT)));
        expect(wanted.filter(Boolean)).toHaveLength(1);
      });

      it('is due again a minute after nobody told, or after a failure', async () => {
        const ledger = start();
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
        now += MINUTE_MS - 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(false);
        now += 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
        now += 10;
        await ledger.learnUsage(TENANT, 'failed');
        now += MINUTE_MS - 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(false);
        now += 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
      });

      it('is due an hour later when 2 % of the allowance, and 5 calls, have been booked since', async () => {
        const ledger = start();
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
        await book(ledger, order({ cause: 'HEALTH' }));
        await ledger.learnUsage(TENANT, { used: 1, allowed: 300 });
        await book(ledger, order(), 6);
        now += HOUR_MS - 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(false);
        now += 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
        await ledger.learnUsage(TENANT, { used: 5, allowed: 100 });
        await book(ledger, order(), 4);
        now += 2 * HOUR_MS;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(false);
        await book(ledger, order());
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
      });

      it('is due once a day from an account that tells no allowance', async () => {
        const ledger = start();
        await ledger.learnUsage(TENANT, 'untold');
        await book(ledger, order());
        now += DAY_MS - 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(false);
        now += 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
      });

      it('is due once a day while the background rests, and each hour on the first day', async () => {
        const ledger = start({ interactiveReserve: 0.2 });
        await ledger.learnUsage(TENANT, { used: 80, allowed: 100 });
        now += DAY_MS - 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(false);
        now += 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
        now = MONTH_END;
        // The account's month begins a little later than ours.
        await ledger.learnUsage(TENANT, { used: 99, allowed: 100 });
        now += HOUR_MS;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(true);
        await ledger.learnUsage(TENANT, { used: 0, allowed: 100 });
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ used: 0, remaining: 100 });
      });

      it('is due once a day while upstream refuses for quota, whatever was counted', async () => {
        const ledger = start({ interactiveReserve: 0.2 });
        await ledger.learnUsage(TENANT, { used: 10, allowed: 100 });
        now += DAY_MS - 1;
        await expect(ledger.usageWanted(TENANT, true)).resolves.toBe(false);
        now += 1;
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(false);
        await expect(ledger.usageWanted(TENANT, true)).resolves.toBe(true);
      });

      it('is never due at the hard limit', async () => {
        await expect(start({ hardMonthlyLimit: 0 }).usageWanted(TENANT)).resolves.toBe(false);
      });

      it('counts what was booked while it was asked as not yet counted by upstream', async () => {
        const ledger = start();
        await book(ledger, order(), 3);
        await ledger.usageWanted(TENANT);
        await book(ledger, order(), 2);
        await ledger.learnUsage(TENANT, { used: 30, allowed: 100 });
        await expect(ledger.account(TENANT)).resolves.toMatchObject({ used: 32 });
      });
    });

    it('takes a reading that was not asked for as it comes, also after one that failed', async () => {
      const ledger = start();
      await ledger.usageWanted(TENANT);
      await ledger.learnUsage(TENANT, 'failed');
      await book(ledger, order(), 3);
      await ledger.learnUsage(TENANT, { used: 40, allowed: 100 });
      await expect(ledger.account(TENANT)).resolves.toMatchObject({ used: 40 });
    });

    describe('that does not answer', () => {
      let line: CutStore;
      let ledger: Ledger;
      const sums = async () => total(await ledger.rows({ tenant: TENANT, groupBy: 'WATCHLIST' }));
      const mend = async (): Promise<void> => {
        line.isCut = false;
        await ledger.sweep();
      };

      beforeEach(() => {
        line = new CutStore(store);
        ledger = start({ store: line.store });
        line.isCut = true;
      });

      it.each(['before', 'after', 'never'])(
        "books an analyst's call later, once; what it was sent arrives %s",
        async (arrives) => {
          const call = order({ payers: [list('one')] });
          await ledger.close(await ledger.book(call), 'failed');
          const open = await ledger.book(call);
          if (arrives === 'before') {
            await line.deliver();
          }
          await mend();
          await ledger.close(open, 'answered');
          if (arrives === 'after') {
            await line.deliver();
          }
          now += 10 * MINUTE_MS;
          await ledger.sweep();
          await expect(sums()).resolves.toEqual({ calls: 2, failed: 1 });
          await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 2 });
        },
      );

      it.each(['before', 'after', 'never'])(
        'refuses the background and leaves no trace; what it was sent arrives %s',
        async (arrives) => {
          line.isCut = false;
          await ledger.learnUsage(TENANT, 'untold');
          line.isCut = true;
          await expect(ledger.book(refresh())).rejects.toMatchObject({
            code: 'uncounted',
            retryAt: START + 5_000,
          });
          if (arrives === 'before') {
            await line.deliver();
          }
          await mend();
          if (arrives === 'after') {
            await line.deliver();
          }
          await expect(sums()).resolves.toEqual({ calls: 0, failed: 0 });
          await expect(ledger.account(TENANT)).resolves.toMatchObject({ own: 0 });
        },
      );

      it('refuses everybody under a hard limit', async () => {
        const limited = start({ store: line.store, hardMonthlyLimit: 10 });
        await expect(codeOf(limited, order())).resolves.toBe('uncounted');
        await expect(limited.refusal(order())).resolves.toMatchObject({ code: 'uncounted' });
        await expect(ledger.refusal(refresh())).resolves.toMatchObject({ code: 'uncounted' });
        await expect(ledger.refusal(order())).resolves.toBeUndefined();
      });

      it('books what is left to book with the next call, to the day of the call', async () => {
        await ledger.close(await ledger.book(order()), 'answered');
        now += DAY_MS;
        line.isCut = false;
        await ledger.close(await ledger.book(order()), 'answered');
        const rows = await ledger.rows({ tenant: TENANT, groupBy: 'DAY' });
        expect(rows).toMatchObject([
          { key: '2026-03-10', calls: 1 },
          { key: '2026-03-11', calls: 1 },
        ]);
      });

      it('moves a call to its result later', async () => {
        line.isCut = false;
        const booking = await ledger.book(order());
        line.isCut = true;
        await ledger.close(booking, 'failed');
        expect(troubles).toEqual([new Error('The line is cut')]);
        now += 10 * MINUTE_MS;
        await mend();
        await expect(sums()).resolves.toEqual({ calls: 1, failed: 1 });
      });

      it('wants no usage, and takes none down', async () => {
        await expect(ledger.usageWanted(TENANT)).resolves.toBe(false);
        await ledger.learnUsage(TENANT, 'untold');
        await expect(ledger.account(TENANT)).rejects.toThrow('The line is cut');
        await expect(ledger.sweep()).rejects.toThrow('The line is cut');
        expect(troubles).toHaveLength(2);
      });
    });

    it('knows the pace of the last 24 hours, and when it ends the quota', async () => {
      const ledger = start();
      await ledger.learnUsage(TENANT, { used: 0, allowed: 100 });
      now = Date.parse('2026-03-10T13:30:00Z');
      await book(ledger, order(), 4);
      now = Date.parse('2026-03-10T20:10:00Z');
      await book(ledger, refresh(), 6);
      await expect(ledger.account(TENANT)).resolves.toMatchObject({
        callsPerDay: 10,
        observeCallsPerDay: 4,
        remaining: 90,
        exhaustsAt: now + 9 * DAY_MS,
        resetsAt: MONTH_END,
      });
      // Half of the oldest hour is still within the day.
      now = Date.parse('2026-03-11T13:30:00Z');
      await expect(ledger.account(TENANT)).resolves.toMatchObject({
        callsPerDay: 8,
        observeCallsPerDay: 2,
      });
      now += 2 * DAY_MS;
      await expect(ledger.account(TENANT)).resolves.toMatchObject({
        callsPerDay: 0,
        exhaustsAt: null,
      });
      expect(troubles).toEqual([]);
    });
  });
}
