import type { CallCause, CallResult, Payer } from './call.js';
import type { Recollection } from './recollection.js';
import type { LedgerRefusalCode } from './refusal.js';
import type { Reading, Rules, Standing } from './standing.js';
import type { UsageTiming } from './usage-wanted.js';

/** A call as the books have it. */
export interface Entry {
  /** Epoch milliseconds; its month, day and hour are those it is booked to. */
  readonly at: number;
  readonly cause: CallCause;
  readonly endpoint: string;
  /** `type:value`, or `-` for a call about none. */
  readonly about: string;
}

export interface BookingRequest {
  readonly id: string;
  readonly tenant: string;
  readonly entry: Entry;
  readonly isBackground: boolean;
  readonly payers: readonly Payer[];
  readonly rules: Rules;
  readonly known: Recollection;
  /** Only decides; writes nothing. */
  readonly isTrial: boolean;
}

export interface BookingReply {
  readonly refused: Exclude<LedgerRefusalCode, 'uncounted'> | null;
  readonly watchlistId: string | null;
  readonly standing: Standing;
}

/** How a call ended; `never_made`: it was not made after all, and is taken out again. */
export interface Settlement {
  readonly id: string;
  readonly result: CallResult | 'never_made';
  /** Set for one that is perhaps not booked: then it is, with this. */
  readonly unbooked?: { readonly entry: Entry; readonly watchlistId: string | null };
  /** A booking of this id may still arrive, late; it is to change nothing. */
  readonly mayArrive?: boolean;
}

/** Writes calls. Every method is atomic, and safe to repeat with the same ids. */
export interface BookingStore {
  /** Decides, and unless refused books the call as `unknown`. */
  book(request: BookingRequest): Promise<BookingReply>;
  /** Moves calls to their results; also those swept within the last day. */
  settle(tenant: string, settlements: readonly Settlement[]): Promise<void>;
  /** Strikes calls off the open ones that were booked before an instant; they stay `unknown`. */
  sweep(before: number): Promise<number>;
}

/** A month, and the last day. */
export interface Books {
  readonly standing: Standing;
  readonly own: number;
  /** Calls of the month by the list that paid. */
  readonly byList: ReadonlyMap<string, number>;
  /** Calls by hour since the epoch, the last 25 hours at least. */
  readonly calls: ReadonlyMap<number, number>;
  readonly observeCalls: ReadonlyMap<number, number>;
}

/** Calls of a day that have the same cause, list, endpoint and result. */
export interface DayLine {
  readonly day: string;
  readonly cause: CallCause;
  readonly watchlistId: string | null;
  readonly endpoint: string;
  readonly result: CallResult;
  readonly calls: number;
}

/** Calls of a day about the same observable. */
export interface ObservableLine {
  readonly day: string;
  readonly about: string;
  readonly calls: number;
  readonly failed: number;
}

/** Reads the books. */
export interface BooksReader {
  /** The books at an instant. */
  books(tenant: string, at: number): Promise<Books>;
  /** Kept for 400 days. */
  dayLines(tenant: string, days: readonly string[]): Promise<readonly DayLine[]>;
  /** Kept for 35 days. */
  observableLines(tenant: string, days: readonly string[]): Promise<readonly ObservableLine[]>;
}

export interface UsageClaim {
  readonly tenant: string;
  readonly at: number;
  readonly rules: Rules;
  readonly known: Recollection;
  readonly timing: UsageTiming;
  /** Upstream refuses for quota, whatever was counted. */
  readonly isUsedUp: boolean;
}

/** Who asks upstream for its own count, and what it said. */
export interface UsageStore {
  /** True to one caller when it is due. */
  claim(claim: UsageClaim): Promise<{ readonly isWanted: boolean; readonly standing: Standing }>;
  /** Takes down what upstream said; null: it could not be asked, somebody else shall. */
  learn(
    tenant: string,
    at: number,
    usage: Pick<Reading, 'used' | 'allowed'> | null,
  ): Promise<Standing>;
}

/** Where the ledger is kept. */
export interface LedgerStore extends BookingStore, BooksReader, UsageStore {}
