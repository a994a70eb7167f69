import { z } from 'zod';

import { dateOf, dayAt } from '../time/calendar.js';
import { keyDigest } from './key-digest.js';

/**
 * What a key may do: calls a second, calls a calendar month, and how many of those are used. What is
 * left out: 1000 a second, 100,000 a month, and the use so far.
 */
export const keyLimitsSchema = z.strictObject({
  perSecond: z.int().min(1).optional(),
  monthly: z.int().min(0).optional(),
  used: z.int().min(0).optional(),
});
export type KeyLimits = z.input<typeof keyLimitsSchema>;

const DEFAULT_PER_SECOND = 1000;
const DEFAULT_MONTHLY = 100_000;

/** Why a call is not let in, or that it is. */
export type Admission = 'admitted' | 'unknown-key' | 'throttled' | 'quota-used-up';

interface Account {
  readonly digest: string;
  perSecond: number;
  monthly: number;
  used: number;
  month: string;
  second: number;
  callsInSecond: number;
}

function newAccount(key: string, month: string): Account {
  return {
    digest: keyDigest(key),
    perSecond: DEFAULT_PER_SECOND,
    monthly: DEFAULT_MONTHLY,
    used: 0,
    month,
    second: 0,
    callsInSecond: 0,
  };
}

function monthOf(epochMs: number): string {
  return dateOf(dayAt(epochMs)).slice(0, 7);
}

/**
 * The accounts behind the keys. The throttle counts within calendar seconds, as the gateway of the
 * recorded years did; the quota starts anew with each simulated calendar month.
 */
export class KeyRing {
  readonly #accounts = new Map<string, Account>();
  readonly #acceptAnyKey: boolean;
  readonly #now: () => number;

  /** `now` gives simulated epoch milliseconds. */
  constructor(now: () => number, acceptAnyKey: boolean) {
    this.#now = now;
    this.#acceptAnyKey = acceptAnyKey;
  }

  /** Adds a key or changes its limits; `null` takes it away. */
  set(key: string, limits: KeyLimits | null): void {
    if (limits === null) {
      this.#accounts.delete(key);
      return;
    }
    const account = this.#account(key) ?? this.#open(key);
    account.perSecond = limits.perSecond ?? account.perSecond;
    account.monthly = limits.monthly ?? account.monthly;
    account.used = limits.used ?? account.used;
  }

  /** Counts one call of a key, unless it may not be made. A refused call costs nothing. */
  admit(key: string): Admission {
    const mayOpen = this.#acceptAnyKey && key !== '';
    const account = this.#account(key) ?? (mayOpen ? this.#open(key) : undefined);
    if (account === undefined) {
      return 'unknown-key';
    }
    if (this.#isThrottled(account)) {
      return 'throttled';
    }
    if (account.used >= account.monthly) {
      return 'quota-used-up';
    }
    account.used += 1;
    return 'admitted';
  }

  /** Calls used and allowed this month; `undefined` for a key without an account. */
  usage(key: string): { readonly used: number; readonly monthly: number } | undefined {
    return this.#account(key);
  }

  /** The key's digest, without computing it anew for every call. */
  digestOf(key: string): string {
    return this.#accounts.get(key)?.digest ?? keyDigest(key);
  }

  #open(key: string): Account {
    const account = newAccount(key, monthOf(this.#now()));
    this.#accounts.set(key, account);
    return account;
  }

  #account(key: string): Account | undefined {
    const account = this.#accounts.get(key);
    const month = monthOf(this.#now());
    if (account !== undefined && account.month !== month) {
      account.month = month;
      account.used = 0;
    }
    return account;
  }

  #isThrottled(account: Account): boolean {
    const second = Math.floor(this.#now() / 1000);
    if (account.second !== second) {
      account.second = second;
      account.callsInSecond = 0;
    }
    account.callsInSecond += 1;
    return account.callsInSecond > account.perSecond;
  }
}
