import { waitAfter } from './back-off.js';
import type { Message } from './change-event.js';

/** Waiting for its next attempt; taken by the receiver; given up. */
export type DeliveryState = 'PENDING' | 'DELIVERED' | 'FAILED';

/** Why an attempt failed. */
export type DeliveryFailure =
  'timeout' | 'network' | 'tls' | 'forbidden_target' | 'status' | 'redirect' | 'gone' | 'disabled';

/** What came of one exchange. Texts are clean: no part of URL or secret. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** What the receiver says to a refusal; empty after a success. */
      readonly text: string;
      readonly retryAfterMs: number | null;
    }
  | {
      readonly kind: 'failed';
      readonly failure: Extract<
        DeliveryFailure,
        'timeout' | 'network' | 'tls' | 'forbidden_target'
      >;
    };

/** One message to one webhook, and how it goes. */
export interface Delivery {
  /** Also the message's id: the receiver sees it as `webhook-id` at each attempt. */
  readonly id: string;
  readonly webhookId: string;
  readonly tenant: string;
  readonly message: Message;
  readonly state: DeliveryState;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Attempts made, over all. */
  readonly attempt: number;
  /** Attempts made since it was last asked for. */
  readonly tries: number;
  readonly lastAttemptAt: number | null;
  /** HTTP status of the latest attempt; null when there was no answer. */
  readonly status: number | null;
  readonly failure: DeliveryFailure | null;
  /** Of the latest attempt, for people: 200 characters or so. */
  readonly error: string | null;
  readonly nextAttemptAt: number | null;
  /** Who tries now, and until when it is believed to live. */
  readonly lease: { readonly token: string; readonly until: number } | null;
}

/** An attempt that is not booked after this was lost with its process. */
export const LEASE_MS = 45_000;

const FAILURE_TEXTS: Readonly<Record<Exclude<DeliveryFailure, 'status'>, string>> = {
  timeout: 'no whole answer in time',
  network: 'no connection, or it broke',
  tls: 'the certificate or the encryption was not accepted',
  forbidden_target: 'leads to an address that webhooks may not reach',
  redirect: 'redirects are not followed',
  gone: 'gone: the webhook was disabled',
  disabled: 'the webhook is disabled',
};

export type NewDelivery = Pick<Delivery, 'id' | 'webhookId' | 'tenant' | 'message'>;

export function newDelivery(fresh: NewDelivery, now: number): Delivery {
  return {
    ...fresh,
    state: 'PENDING',
    createdAt: now,
    attempt: 0,
    tries: 0,
    lastAttemptAt: null,
    status: null,
    failure: null,
    error: null,
    nextAttemptAt: now,
    lease: null,
  };
}

/** Takes it in hand for one attempt. */
export function begun(delivery: Delivery, token: string, now: number): Delivery {
  return { ...delivery, lease: { token, until: now + LEASE_MS } };
}

/** Books one attempt. @param random 0 to 1 */
export function ended(
  delivery: Delivery,
  exchange: Exchange,
  { now, random }: { readonly now: number; readonly random: number },
): Delivery {
  const tries = delivery.tries + 1;
  const failure = failureOf(exchange);
  const answered = exchange.kind === 'answered';
  const attempted: Delivery = {
    ...delivery,
    attempt: delivery.attempt + 1,
    tries,
    lastAttemptAt: now,
    lease: null,
    status: answered ? exchange.status : null,
    failure,
    error: failure === null ? null : errorText(failure, exchange),
    nextAttemptAt: null,
  };
  if (failure === null || failure === 'gone') {
    return { ...attempted, state: failure === null ? 'DELIVERED' : 'FAILED' };
  }
  const retryAfterMs = answered ? exchange.retryAfterMs : null;
  const wait = waitAfter({ tries, retryAfterMs }, random);
  return wait === undefined
    ? { ...attempted, state: 'FAILED' }
    : { ...attempted, nextAttemptAt: now + wait };
}

/** Given up without an attempt: nobody is there to be told. */
export function dropped(delivery: Delivery): Delivery {
  const error = FAILURE_TEXTS.disabled;
  const end = { state: 'FAILED', nextAttemptAt: null, lease: null } as const;
  return { ...delivery, ...end, failure: 'disabled', error };
}

/** The same message from the first attempt on. */
export function askedAgain(delivery: Delivery, now: number): Delivery {
  return { ...delivery, state: 'PENDING', tries: 0, nextAttemptAt: now, lease: null };
}

function failureOf(exchange: Exchange): DeliveryFailure | null {
  if (exchange.kind === 'failed') {
    return exchange.failure;
  }
  const { status } = exchange;
  if (status >= 200 && status < 300) {
    return null;
  }
  if (status === 410) {
    return 'gone';
  }
  return status >= 300 && status < 400 ? 'redirect' : 'status';
}

function errorText(failure: DeliveryFailure, exchange: Exchange): string {
  if (failure !== 'status') {
    return FAILURE_TEXTS[failure];
  }
  return exchange.kind === 'answered' && exchange.text !== ''
    ? `refused: ${exchange.text}`
    : 'refused';
}
