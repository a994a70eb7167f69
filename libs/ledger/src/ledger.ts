import { LRUCache } from 'lru-cache';

import type { Account } from './account.js';
import { accountOf } from './account.js';
import { Backlog } from './backlog.js';
import { daysTouched, monthOf, monthStart, nextMonthStart } from './calendar.js';
import type { Booking, CallOrder, CallResult } from './call.js';
import type { LedgerQuery, LedgerRow } from './ledger-rows.js';
import { NONE, observableRowsOf, rowsOf } from './ledger-rows.js';
import type { BookingReply, BookingRequest, Entry, LedgerStore } from './ledger-store.port.js';
import type { Recollection } from './recollection.js';
import { newerReading, NOTHING_REMEMBERED, remembered } from './recollection.js';
import type { LedgerRefusalCode } from './refusal.js';
import { LedgerRefusal } from './refusal.js';
import type { Rules, Standing } from './standing.js';
import { usageTiming } from './usage-wanted.js';

/** A call's process is dead when it has been open for longer; calls end well before. */
const DEAD_AFTER_MS = 120_000;
const UNCOUNTED_RETRY_MS = 5_000;
const UNKNOWN_RETRY_MS = 60_000;
const DAYS_KEPT = 400;
const OBSERVABLE_DAYS_KEPT = 35;
const MOST_TENANTS = 10_000;

export interface LedgerParts {
  readonly store: LedgerStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Unique over all processes and for ever. */
  readonly newId: () => string;
  /** Calls a calendar month (UTC) that are never exceeded. */
  readonly hardMonthlyLimit?: number;
  /** Share of the limit that the background leaves to analysts, 0…1. */
  readonly interactiveReserve: number;
  /** Told of failures of the store that nobody else hears of. */
  readonly onTrouble: (error: unknown) => void;
}

/** What upstream said of its own count; `allowed` 0: no allowance is told. */
export interface Usage {
  readonly used: number;
  readonly allowed: number;
}

/**
 * Every call to SecurityTrails, booked to its cause before it is made: who may still call, who pays,
 * and what it came to.
 */
export class Ledger {
  readonly #parts: LedgerParts;
  readonly #rules: Rules;
  readonly #backlog: Backlog;
  readonly #known = new LRUCache<string, Recollection & { readonly month: string }>({
    max: MOST_TENANTS,
  });
  /** Months in which this process undertook to ask for the usage. */
  readonly #asking = new LRUCache<string, string>({ max: MOST_TENANTS });

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.#rules = { hardLimit: parts.hardMonthlyLimit ?? null, reserve: parts.interactiveReserve };
    this.#backlog = new Backlog(parts.store, parts.onTrouble);
  }

  /**
   * Books one HTTP call; to be done before it is made, retries included. While the store is away, an
   * analyst's call goes on and is booked later, unless there is a hard limit.
   *
   * @throws LedgerRefusal when it must not be made
   */
  async book(order: CallOrder): Promise<Booking> {
    const request = this.#request(order, false);
    let reply: BookingReply;
    try {
      reply = await this.#ask(request);
    } catch (error) {
      return this.#bookLater(order, request, error);
    }
    void this.#backlog.flush();
    if (reply.refused !== null) {
      throw this.#refusal(reply.refused);
    }
    return { id: request.id, tenant: order.tenant, watchlistId: reply.watchlistId };
  }

  /** Tells how a call ended, once. Never rejects: what the store does not take is told it later. */
  async close(booking: Booking, result: CallResult): Promise<void> {
    const { id, tenant } = booking;
    if (this.#backlog.close(id, result)) {
      return this.#backlog.flush();
    }
    const settlement = { id, result };
    try {
      await this.#parts.store.settle(tenant, [settlement]);
    } catch (error) {
      this.#parts.onTrouble(error);
      this.#backlog.keep(tenant, settlement);
    }
  }

  /** Whether such a call would be refused now. Changes nothing; never rejects. */
  async refusal(
    order: Pick<CallOrder, 'tenant' | 'cause' | 'lane' | 'payers'>,
  ): Promise<LedgerRefusal | undefined> {
    const request = this.#request({ ...order, endpoint: '' }, true);
    try {
      const { refused } = await this.#ask(request);
      return refused === null ? undefined : this.#refusal(refused);
    } catch (error) {
      return this.#mayGoUncounted(order) ? undefined : this.#refusal('uncounted', error);
    }
  }

  /**
   * True to one caller over all processes when upstream's own count is due: that one asks for it (a
   * HEALTH call) and says by {@link learnUsage} what came of it. Due: not read this month, or an hour
   * ago and 2 % of the allowance (at least 5 calls) booked since, or work rests for want of quota and
   * a day has passed (an hour on the first day of a month). `isUsedUp`: it rests because upstream
   * refused for quota, whatever was counted. False while the store is away.
   */
  async usageWanted(tenant: string, isUsedUp = false): Promise<boolean> {
    const at = this.#parts.clock();
    try {
      const { isWanted, standing } = await this.#parts.store.claim({
        tenant,
        at,
        rules: this.#rules,
        known: this.#recollection(tenant, at),
        timing: usageTiming(at),
        isUsedUp,
      });
      this.#remember(tenant, at, standing);
      if (isWanted) {
        this.#asking.set(tenant, monthOf(at));
      }
      return isWanted;
    } catch (error) {
      this.#parts.onTrouble(error);
      return false;
    }
  }

  /**
   * Takes down upstream's own count. `untold`: the account tells none, which is an answer (403, 404);
   * `failed`: no answer, somebody is to ask again in a minute. Never rejects.
   */
  async learnUsage(tenant: string, usage: Usage | 'untold' | 'failed'): Promise<void> {
    const at = this.#parts.clock();
    try {
      const standing = await this.#parts.store.learn(tenant, at, this.#reported(tenant, usage));
      this.#remember(tenant, at, standing);
    } catch (error) {
      this.#parts.onTrouble(error);
    }
  }

  /**
   * Gives up calls that have been open for two minutes: their process died, and they stay `unknown`.
   * Should one be closed after all within a day, it is put right. Also books what this process
   * could not book before.
   *
   * @returns how many, over all tenants
   * @throws when the store is away
   */
  async sweep(): Promise<number> {
    await this.#backlog.flush();
    return this.#parts.store.sweep(this.#parts.clock() - DEAD_AFTER_MS);
  }

  /** Where the quota stands. @throws when the store is away */
  async account(tenant: string): Promise<Account> {
    const at = this.#parts.clock();
    const books = await this.#parts.store.books(tenant, at);
    const known = this.#recollection(tenant, at);
    const standing: Standing = {
      ...books.standing,
      // As the next booking will have it, also when Redis has lost something.
      count: Math.max(books.standing.count, known.count, known.before),
      reading: newerReading(known.reading, books.standing.reading),
    };
    return accountOf(books, standing, this.#rules, at);
  }

  /**
   * Calls summed over whole UTC days. The sums of all groupings are equal, but those by observable
   * reach back 35 days only, the others 400.
   *
   * @throws when the store is away
   */
  async rows(query: LedgerQuery): Promise<readonly LedgerRow[]> {
    const { store, clock } = this.#parts;
    const now = clock();
    const until = Math.min(query.until ?? Infinity, now + 1);
    const since = query.since ?? monthStart(now);
    if (query.groupBy === 'OBSERVABLE') {
      const days = daysTouched(since, until, OBSERVABLE_DAYS_KEPT);
      return observableRowsOf(await store.observableLines(query.tenant, days));
    }
    const days = daysTouched(since, until, DAYS_KEPT);
    return rowsOf(await store.dayLines(query.tenant, days), query.groupBy);
  }

  #request(order: CallOrder, isTrial: boolean): BookingRequest {
    const at = this.#parts.clock();
    return {
      id: isTrial ? '' : this.#parts.newId(),
      tenant: order.tenant,
      entry: entryOf(order, at),
      isBackground: order.lane === 'background',
      payers: order.payers,
      rules: this.#rules,
      known: this.#recollection(order.tenant, at),
      isTrial,
    };
  }

  async #ask(request: BookingRequest): Promise<BookingReply> {
    const reply = await this.#parts.store.book(request);
    this.#remember(request.tenant, request.entry.at, reply.standing);
    return reply;
  }

  #bookLater(order: CallOrder, { id, entry }: BookingRequest, error: unknown): Booking {
    const { tenant } = order;
    if (!this.#mayGoUncounted(order)) {
      // It may have been booked all the same, only the answer did not come.
      this.#backlog.keep(tenant, { id, result: 'never_made', mayArrive: true });
      throw this.#refusal('uncounted', error);
    }
    this.#parts.onTrouble(error);
    const watchlistId = order.payers[0]?.watchlistId ?? null;
    this.#backlog.open(id, tenant, entry, watchlistId);
    return { id, tenant, watchlistId };
  }

  #mayGoUncounted({ lane }: Pick<CallOrder, 'lane'>): boolean {
    return lane === 'interactive' && this.#rules.hardLimit === null && !this.#backlog.isFull;
  }

  #refusal(code: LedgerRefusalCode, cause?: unknown): LedgerRefusal {
    const now = this.#parts.clock();
    switch (code) {
      case 'uncounted':
        return new LedgerRefusal(code, now + UNCOUNTED_RETRY_MS, { cause });
      case 'quota_unknown':
        return new LedgerRefusal(code, now + UNKNOWN_RETRY_MS);
      case 'hard_limit':
      case 'reserve':
      case 'budget':
        return new LedgerRefusal(code, nextMonthStart(now));
    }
  }

  /** What was asked in one month says nothing of the next. */
  #reported(
    tenant: string,
    usage: Usage | 'untold' | 'failed',
  ): { used: number | null; allowed: number | null } | null {
    const month = monthOf(this.#parts.clock());
    const askedIn = this.#asking.get(tenant) ?? month;
    this.#asking.delete(tenant);
    if (usage === 'failed' || askedIn !== month) {
      return null;
    }
    return usage === 'untold'
      ? { used: null, allowed: null }
      : { used: usage.used, allowed: usage.allowed > 0 ? usage.allowed : null };
  }

  #recollection(tenant: string, at: number): Recollection {
    const known = this.#known.get(tenant);
    return known?.month === monthOf(at) ? known : NOTHING_REMEMBERED;
  }

  #remember(tenant: string, at: number, standing: Standing): void {
    const known = remembered(this.#recollection(tenant, at), standing);
    this.#known.set(tenant, { ...known, month: monthOf(at) });
  }
}

function entryOf({ cause, endpoint, observable }: CallOrder, at: number): Entry {
  const about = observable === undefined ? NONE : `${observable.type}:${observable.value}`;
  return { at, cause, endpoint, about };
}
