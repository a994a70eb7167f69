import { dataOf } from './answer.js';
import type { CallGate, CallOutcome, CallPass } from './call-gate.port.js';
import type { EndpointName } from './endpoints.js';
import {
  AbortedError,
  SecurityTrailsError,
  ThrottledError,
  UnencodableKeyError,
} from './errors.js';
import type { RetryBudget } from './retry-budget.js';
import type { RetryState } from './retry-policy.js';
import { nextMove } from './retry-policy.js';
import type { HttpRequest, Transport } from './transport.js';

/** On whose behalf, and with whose leave, calls are made. */
export interface CallContext {
  /** Sent as a header and nowhere else. */
  readonly apiKey: string;
  readonly gate: CallGate;
  /** Gives up what is running and what waits for its retry; a wait at the gate is the gate's. */
  readonly signal?: AbortSignal;
}

/** What all sessions of one client share. */
export interface CallerParts {
  readonly transport: Transport;
  readonly budget: RetryBudget;
  readonly userAgent: string;
  readonly random: () => number;
  readonly clock: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** One question to upstream. */
export interface ApiRequest {
  readonly endpoint: EndpointName;
  /** Below the base URL, encoded (safe-path.ts). */
  readonly path: string;
  /** Sent as a JSON body by POST; without it the request is a GET. */
  readonly json?: unknown;
}

/** Asks and reads: the one way in which resources reach upstream. */
export type Ask = <T>(request: ApiRequest, parse: (json: unknown) => T) => Promise<T>;

/** What RFC 9110 5.5 lets a field value hold, in the Latin-1 that HTTP clients write; may be empty. */
const HEADER_VALUE = /^(?:[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*)?$/;

/** Makes one session's calls: gate, attempt, verdict, retry. */
export class Caller {
  readonly #parts: CallerParts;
  readonly #context: CallContext;

  constructor(parts: CallerParts, context: CallContext) {
    this.#parts = parts;
    this.#context = context;
  }

  /**
   * @throws SecurityTrailsError, or what the gate rejects with.
   */
  async ask<T>(request: ApiRequest, parse: (json: unknown) => T): Promise<T> {
    const { endpoint } = request;
    if (!HEADER_VALUE.test(this.#context.apiKey)) {
      throw new UnencodableKeyError({ endpoint });
    }
    let state: RetryState = { failures: 0, throttles: 0 };
    for (let attempt = 1; ; attempt += 1) {
      this.#heedAbort(endpoint);
      const pass = await this.#context.gate.enter({ endpoint, attempt });
      try {
        return await this.#attempt(pass, request, parse);
      } catch (cause) {
        state = await this.#beforeRetry(cause, state);
      }
    }
  }

  async #attempt<T>(pass: CallPass, request: ApiRequest, parse: (json: unknown) => T): Promise<T> {
    const { transport, clock, random, budget } = this.#parts;
    const started = clock();
    let ending: Omit<CallOutcome, 'durationMs'> = {};
    try {
      const answer = await transport.exchange(this.#httpRequest(request, pass));
      const { endpoint } = request;
      const { apiKey } = this.#context;
      const data = dataOf(answer, { endpoint, apiKey, now: clock(), random: random() }, parse);
      ending = { status: answer.status };
      return data;
    } catch (cause) {
      ending = endingOf(cause);
      throw cause;
    } finally {
      if (isAnswered(ending)) {
        budget.deposit();
      }
      pass.leave({ ...ending, durationMs: clock() - started });
    }
  }

  /** Waits and returns the new count, or throws the cause again when it is final. */
  async #beforeRetry(cause: unknown, state: RetryState): Promise<RetryState> {
    const { budget, random, sleep } = this.#parts;
    if (!(cause instanceof SecurityTrailsError)) {
      throw cause;
    }
    const move = nextMove(cause, state, budget.allows, random());
    if (move.kind === 'give_up') {
      throw cause;
    }
    if (move.because === 'failures') {
      budget.spend();
    }
    try {
      await sleep(move.waitMs, this.#context.signal);
    } catch (interrupted) {
      this.#heedAbort(cause.endpoint);
      throw interrupted;
    }
    return { ...state, [move.because]: state[move.because] + 1 };
  }

  #httpRequest(request: ApiRequest, { requestId }: CallPass): HttpRequest {
    const isPost = request.json !== undefined;
    return {
      endpoint: request.endpoint,
      method: isPost ? 'POST' : 'GET',
      path: request.path,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        APIKEY: this.#context.apiKey,
        'user-agent': this.#parts.userAgent,
        ...(requestId !== undefined && { 'x-request-id': requestId }),
        ...(isPost && { 'content-type': 'application/json' }),
      },
      body: isPost ? JSON.stringify(request.json) : undefined,
      signal: this.#context.signal,
    };
  }

  #heedAbort(endpoint: EndpointName): void {
    if (this.#context.signal?.aborted === true) {
      throw new AbortedError({ endpoint });
    }
  }
}

/** Upstream did its work, if only to say that there is nothing: such calls pay for retries. */
function isAnswered(ending: Omit<CallOutcome, 'durationMs'>): boolean {
  return (
    ending.status !== undefined &&
    (ending.error === undefined || ending.error === 'not_found' || ending.error === 'invalid_name')
  );
}

function endingOf(cause: unknown): Omit<CallOutcome, 'durationMs'> {
  if (!(cause instanceof SecurityTrailsError)) {
    return {};
  }
  return {
    error: cause.code,
    ...(cause.status !== undefined && { status: cause.status }),
    ...(cause instanceof ThrottledError && { throttle: throttleOf(cause) }),
    ...(cause.code === 'quota' && { quotaExhausted: true }),
  };
}

function throttleOf(error: ThrottledError): { waitMs?: number } {
  return error.saidByUpstream && error.waitMs !== undefined ? { waitMs: error.waitMs } : {};
}
