import fc from 'fast-check';

import { CALL_CAUSES, CALL_RESULTS, Ledger, LedgerRefusal } from '#ledger';
import type { Account, Booking, CallOrder, CallResult, LedgerRow, LedgerStore } from '#ledger';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-03-30T18:00:00Z');
const TENANT = '0123456789abcdef0123456789abcdef';
const PROCESSES = 3;
const LISTS = [
  { watchlistId: 'one', monthlyBudget: 3 },
  { watchlistId: 'two', monthlyBudget: 8 },
  { watchlistId: 'three', monthlyBudget: null },
];

/** What happens to a ledger; `by` is one of three processes. */
export type LedgerEvent =
  | { readonly kind: 'book'; readonly by: number; readonly order: CallOrder }
  /** The call that was booked so many before the latest. */
  | { readonly kind: 'close'; readonly which: number; readonly result: CallResult }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'sweep' }
  | {
      readonly kind: 'learn';
      readonly by: number;
      readonly usage: { readonly used: number; readonly allowed: number } | 'untold' | 'failed';
    };

/** What came of a story. */
export interface LedgerEnding {
  /** Of each event, in order. */
  readonly outcomes: readonly string[];
  readonly booked: number;
  readonly account: Account;
  readonly rows: readonly (readonly LedgerRow[])[];
}

const orders: fc.Arbitrary<CallOrder> = fc.record({
  tenant: fc.constant(TENANT),
  cause: fc.constantFrom(...CALL_CAUSES),
  lane: fc.constantFrom('interactive' as const, 'background' as const),
  endpoint: fc.constantFrom('history/a', 'history/aaaa', 'ips|list'),
  observable: fc.constantFrom(
    { type: 'domain' as const, value: 'example.com' },
    { type: 'ipv6' as const, value: '2001:db8::1' },
  ),
  payers: fc.subarray(LISTS),
});

const by = fc.nat(PROCESSES - 1);

/** Some two days around the end of a month. */
export const ledgerStories: fc.Arbitrary<readonly LedgerEvent[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('book' as const), by, order: orders }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('close' as const),
        which: fc.nat(4),
        result: fc.constantFrom(...CALL_RESULTS),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        minutes: fc.oneof(fc.nat(3), fc.nat(400)),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('learn' as const),
        by,
        usage: fc.oneof(
          fc.record({ used: fc.nat(30), allowed: fc.nat(40) }),
          fc.constantFrom('untold' as const, 'failed' as const),
        ),
      }),
    },
  ),
  { maxLength: 60 },
);

/** Three processes over one store, of which each lives through its part of a story. */
export async function tellLedgerStory(
  store: LedgerStore,
  story: readonly LedgerEvent[],
  limits: { readonly hardMonthlyLimit?: number; readonly interactiveReserve: number },
): Promise<LedgerEnding> {
  const told = new Story(store, limits);
  const outcomes: string[] = [];
  for (const event of story) {
    outcomes.push(await told.happen(event));
  }
  return { outcomes, ...(await told.ending()) };
}

class Story {
  #now = START;
  #ids = 0;
  readonly #bookings: Booking[] = [];
  readonly #processes: readonly Ledger[];

  constructor(
    store: LedgerStore,
    limits: { readonly hardMonthlyLimit?: number; readonly interactiveReserve: number },
  ) {
    this.#processes = Array.from(
      { length: PROCESSES },
      () =>
        new Ledger({
          store,
          clock: () => this.#now,
          newId: () => `call-${(this.#ids += 1)}`,
          onTrouble: (error) => {
            throw error;
          },
          ...limits,
        }),
    );
  }

  async happen(event: LedgerEvent): Promise<string> {
    switch (event.kind) {
      case 'book':
        return this.#book(event.by, event.order);
      case 'close':
        return this.#close(event.which, event.result);
      case 'pass':
        this.#now += event.minutes * MINUTE_MS;
        return '';
      case 'sweep':
        return `${await this.#process(0).sweep()} swept`;
      case 'learn':
        return this.#learn(event);
    }
  }

  async ending(): Promise<Omit<LedgerEnding, 'outcomes'>> {
    const ledger = this.#process(0);
    const groups = ['CAUSE', 'WATCHLIST', 'OBSERVABLE', 'ENDPOINT', 'DAY'] as const;
    return {
      booked: this.#bookings.length,
      account: await ledger.account(TENANT),
      rows: await Promise.all(
        groups.map((groupBy) => ledger.rows({ tenant: TENANT, groupBy, since: START })),
      ),
    };
  }

  async #book(process: number, order: CallOrder): Promise<string> {
    try {
      const booking = await this.#process(process).book(order);
      this.#bookings.push(booking);
      return `booked for ${booking.watchlistId ?? 'nobody'}`;
    } catch (error) {
      return error instanceof LedgerRefusal ? `${error.code} until ${error.retryAt}` : 'failed';
    }
  }

  async #close(which: number, result: CallResult): Promise<string> {
    const booking = this.#bookings.at(-1 - which);
    if (booking !== undefined) {
      await this.#process(which).close(booking, result);
    }
    return '';
  }

  async #learn(event: LedgerEvent & { readonly kind: 'learn' }): Promise<string> {
    const ledger = this.#process(event.by);
    const wanted = await ledger.usageWanted(TENANT);
    if (wanted) {
      await ledger.learnUsage(TENANT, event.usage);
    }
    return wanted ? 'wanted' : 'not wanted';
  }

  #process(index: number): Ledger {
    const process = this.#processes[index % PROCESSES];
    if (process === undefined) {
      throw new Error('There are three processes');
    }
    return process;
  }
}
