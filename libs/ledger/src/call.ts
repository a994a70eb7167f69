import type { CanonicalObservable } from '#observables';

/** Why a call is made. */
export const CALL_CAUSES = ['OBSERVE', 'REFRESH', 'FIRST_FETCH', 'OPERATOR', 'HEALTH'] as const;
export type CallCause = (typeof CALL_CAUSES)[number];

/**
 * How a call ended. `answered`: with data (2xx); `nothing`: nothing is known (404, 400);
 * `throttled`: too fast; `quota`: the month's quota is used up; `refused`: the key or its plan (401,
 * 403); `failed`: no sound answer (5xx, network, time-out, malformed); `unknown`: it is under way, or
 * its process died.
 */
export const CALL_RESULTS = [
  'answered',
  'nothing',
  'throttled',
  'quota',
  'refused',
  'failed',
  'unknown',
] as const;
export type CallResult = (typeof CALL_RESULTS)[number];

/** The results that count as failed. What is unknown does not. */
export const FAILED_RESULTS: readonly CallResult[] = ['throttled', 'quota', 'refused', 'failed'];

/** A list that may pay for a call. */
export interface Payer {
  readonly watchlistId: string;
  /** Calls a calendar month (UTC); null: no limit of its own. */
  readonly monthlyBudget: number | null;
}

/** One HTTP call that somebody wants to make. */
export interface CallOrder {
  readonly tenant: string;
  readonly cause: CallCause;
  readonly lane: 'interactive' | 'background';
  readonly endpoint: string;
  readonly observable?: CanonicalObservable;
  /** In the order in which they shall pay; none: nobody in particular. */
  readonly payers: readonly Payer[];
}

/** A call that is booked and may be made now, once. */
export interface Booking {
  readonly id: string;
  readonly tenant: string;
  /** The one list that pays. */
  readonly watchlistId: string | null;
}
