import { setTimeout as wait } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { CallContext, CallerParts } from './caller.js';
import { Caller } from './caller.js';
import type { RetryBudgetOptions } from './retry-budget.js';
import { RetryBudget } from './retry-budget.js';
import { SecurityTrailsSession } from './session.js';
import { Transport } from './transport.js';

const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;

export interface ClientOptions {
  /** Such as `https://api.securitytrails.com/v1`; a path is kept, a query is not. */
  readonly baseUrl: string;
  /** For one HTTP call, from connecting to the body's last byte. */
  readonly timeoutMs: number;
  /** Counted after decompression; 8 MiB by default. */
  readonly maxBodyBytes?: number;
  readonly userAgent: string;
  /** Used instead of an own connection pool, and never closed here. */
  readonly dispatcher?: Dispatcher;
  readonly retryBudget?: RetryBudgetOptions;
  /** 0 inclusive to 1 exclusive. */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * Client of the SecurityTrails v1 API: one connection pool and one retry budget for all keys. It
 * keeps no key; a session carries one for as long as it is used.
 */
export class SecurityTrailsClient {
  readonly #parts: CallerParts;

  /** @throws TypeError when `baseUrl` is no URL. */
  constructor(options: ClientOptions) {
    this.#parts = {
      transport: new Transport({
        baseUrl: options.baseUrl,
        timeoutMs: options.timeoutMs,
        maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
        dispatcher: options.dispatcher,
      }),
      budget: new RetryBudget(options.retryBudget),
      userAgent: options.userAgent,
      random: options.random ?? Math.random,
      clock: options.clock ?? Date.now,
      sleep: options.sleep ?? sleepFor,
    };
  }

  session(context: CallContext): SecurityTrailsSession {
    const caller = new Caller(this.#parts, context);
    return new SecurityTrailsSession((request, parse) => caller.ask(request, parse));
  }

  /** Lets running calls end (within their time limit), then closes the connections. */
  async close(): Promise<void> {
    await this.#parts.transport.close();
  }
}

async function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, signal === undefined ? {} : { signal });
}
