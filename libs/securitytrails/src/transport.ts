import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { BodyLimitError, readBody } from './body-reader.js';
import type { EndpointName } from './endpoints.js';
import { transportFailure } from './transport-failure.js';

/** As much of an error's body as is worth reading. */
const MAX_ERROR_BYTES = 65_536;

export interface TransportOptions {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly dispatcher?: Dispatcher | undefined;
}

export interface HttpRequest {
  readonly endpoint: EndpointName;
  readonly method: 'GET' | 'POST';
  /** Below the base URL, without a leading slash, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Lower case; empty when upstream names none. */
  readonly contentType: string;
  readonly retryAfter: string | undefined;
}

interface Clocked {
  readonly signal: AbortSignal;
  readonly outOfTime: () => boolean;
  readonly stop: () => void;
}

/**
 * One HTTP exchange: connect, headers and the whole body within one time limit, the body within a
 * size limit, redirects not followed, connections kept alive.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #dispatcher: Dispatcher;

  constructor(options: TransportOptions) {
    const base = new URL(options.baseUrl);
    this.#options = options;
    this.#origin = base.origin;
    this.#prefix = base.pathname.replace(/\/+$/, '');
    this.#dispatcher = options.dispatcher ?? ownPool(options.timeoutMs);
  }

  /**
   * @returns an answer of any status; the text of one that is no success may be cut or missing,
   *   because its status says enough.
   * @throws a SecurityTrailsError: aborted, timeout, network, tls, too_large or malformed.
   */
  async exchange(request: HttpRequest): Promise<HttpAnswer> {
    const clocked = withTimeLimit(this.#options.timeoutMs, request.signal);
    let status: number | undefined;
    try {
      const response = await this.#send(request, clocked.signal);
      status = response.statusCode;
      return {
        status,
        text: await this.#text(response, request.signal),
        contentType: header(response, 'content-type').toLowerCase(),
        retryAfter: header(response, 'retry-after') || undefined,
      };
    } catch (cause) {
      const end = {
        abortedByCaller: request.signal?.aborted === true,
        outOfTime: clocked.outOfTime(),
      };
      throw transportFailure(cause, end, { endpoint: request.endpoint, status });
    } finally {
      clocked.stop();
    }
  }

  /** Waits for running calls, then closes the pool; a dispatcher that was given stays its owner's. */
  async close(): Promise<void> {
    if (this.#options.dispatcher === undefined) {
      await this.#dispatcher.close();
    }
  }

  async #send(request: HttpRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const response = this.#dispatcher.request({
      origin: this.#origin,
      path: `${this.#prefix}/${request.path}`,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      signal,
    });
    return untilAborted(response, signal);
  }

  async #text(response: Dispatcher.ResponseData, outer: AbortSignal | undefined): Promise<string> {
    const isSuccess = response.statusCode < 300;
    const maxBytes = isSuccess ? this.#options.maxBodyBytes : MAX_ERROR_BYTES;
    try {
      const encoding = header(response, 'content-encoding');
      return await readBody(response.body, encoding, maxBytes);
    } catch (cause) {
      if (isSuccess || outer?.aborted === true) {
        throw cause;
      }
      return cause instanceof BodyLimitError ? cause.head : '';
    }
  }
}

/**
 * HTTP/1.1 only: one connection per running call keeps a broken one from taking others with it.
 * undici's own timeouts are off, because they measure pauses and a drip never makes one.
 */
function ownPool(timeoutMs: number): Agent {
  return new Agent({
    allowH2: false,
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs },
  });
}

function withTimeLimit(timeoutMs: number, outer: AbortSignal | undefined): Clocked {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, timeoutMs);
  return {
    signal: outer === undefined ? limit.signal : AbortSignal.any([limit.signal, outer]),
    outOfTime: () => limit.signal.aborted,
    stop: () => {
      clearTimeout(timer);
    },
  };
}

/** undici heeds the signal only once it is connected; a connect that hangs has to be left behind. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    reject(new Error('aborted'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) {
    onAbort();
  }
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function header(response: Dispatcher.ResponseData, name: string): string {
  const value = response.headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
