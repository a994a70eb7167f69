import { isIP } from 'node:net';

import { Agent, buildConnector } from 'undici';
import type { Dispatcher } from 'undici';

import { answerText } from './answer-text.js';
import type { Exchange } from './delivery.js';
import { ForbiddenTarget } from './target-guard.js';
import type { TargetGuard } from './target-guard.js';

export interface HttpPosterOptions {
  readonly guard: TargetGuard;
  /** For the whole exchange: name, connection, request, status and what is read of the body. */
  readonly timeoutMs?: number;
  /** Certificates that are trusted instead of the system's; PEM. */
  readonly ca?: string;
}

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TIMEOUT_MS = 15_000;
/** Bytes of an answer that are read. */
const MOST_ANSWER_BYTES = 1_024;
const TLS_CODE =
  /^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/;

/**
 * Posts messages: HTTP/1.1, no redirect, no proxy, no cookie, no repetition. Each connection is
 * judged by the address that it goes to.
 */
export class HttpPoster {
  readonly #agent: Agent;
  readonly #timeoutMs: number;

  constructor({ guard, timeoutMs = TIMEOUT_MS, ca }: HttpPosterOptions) {
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: 1_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: guardedConnector(guard, timeoutMs, ca),
    });
  }

  /** Never throws: whatever happens is an outcome of the exchange. */
  async post(post: Post): Promise<Exchange> {
    const limit = new AbortController();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      limit.abort();
      reject(new Error('late'));
    }, this.#timeoutMs);
    try {
      // undici heeds the signal only once it is connected; a connect that hangs is left behind.
      return await Promise.race([this.#exchange(post, limit.signal), late]);
    } catch (error) {
      return { kind: 'failed', failure: limit.signal.aborted ? 'timeout' : failureOf(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #exchange({ url, headers, body }: Post, signal: AbortSignal): Promise<Exchange> {
    const target = new URL(url);
    const response = await this.#agent.request({
      origin: target.origin,
      path: `${target.pathname}${target.search}`,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      signal,
    });
    const status = response.statusCode;
    const answer = await headOf(response.body, signal);
    const refused = status >= 400;
    return {
      kind: 'answered',
      status,
      text: refused ? answerText(answer, url) : '',
      retryAfterMs: refused ? retryAfterMs(response.headers['retry-after']) : null,
    };
  }
}

/** An address in the URL itself is never looked up, so it is judged here. */
function guardedConnector(
  guard: TargetGuard,
  timeout: number,
  ca: string | undefined,
): buildConnector.connector {
  const trust = ca === undefined ? {} : { ca };
  const connect = buildConnector({ timeout, allowH2: false, lookup: guard.lookup, ...trust });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) > 0 && !guard.allows(host)) {
      callback(new ForbiddenTarget(), null);
    } else {
      connect(options, callback);
    }
  };
}

/** The status says all; a body that breaks off, or is longer, changes nothing. */
async function headOf(body: Dispatcher.ResponseData['body'], signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MOST_ANSWER_BYTES) {
        break;
      }
    }
  } catch (error) {
    if (signal.aborted) {
      throw error;
    }
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString();
}

/** Seconds only: a date would need the receiver's clock. */
function retryAfterMs(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : null;
}

function failureOf(error: unknown): 'network' | 'tls' | 'forbidden_target' {
  const chain = causesOf(error);
  if (chain.some((cause) => cause instanceof ForbiddenTarget)) {
    return 'forbidden_target';
  }
  return chain.some((cause) => TLS_CODE.test(codeOf(cause))) ? 'tls' : 'network';
}

/** The error, what it was made of, and what caused it. */
function causesOf(error: unknown): object[] {
  if (typeof error !== 'object' || error === null) {
    return [];
  }
  const inner: unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const cause = 'cause' in error ? causesOf(error.cause) : [];
  return [error, ...inner.flatMap(causesOf), ...cause];
}

function codeOf(error: object): string {
  return 'code' in error ? String(error.code) : '';
}
