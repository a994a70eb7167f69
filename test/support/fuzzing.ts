import { expect } from '@jest/globals';
import fc from 'fast-check';

import { rawExchange } from './raw-exchange.js';
import type { RawAnswer, RawOptions } from './raw-exchange.js';
import { API_KEY, SECRET_KEY } from './relay-stack.js';
import { residentBytes } from './resident-bytes.js';
import type { ServiceProcess } from './service-process.js';

/** Runs of a property; `npm run fuzz` asks for more. A failure prints its seed and path. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);
/** For one property, on a machine that is busy with other things. */
export const FUZZ_LIMIT_MS = 20_000 + RUNS * 30;
/** Of a relay's memory, whatever was thrown at it; an idle one takes about 120 MB. */
const MOST_BYTES = 768 * 1024 * 1024;

export const OBSERVE = '/observe/observables';
/** A valid body that costs no upstream call. */
export const LIST = '[{"type":"sha256","value":"x"}]';

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  /** Whole lines, in Latin-1. */
  readonly headers?: readonly string[];
  readonly body?: Buffer;
}

export async function holds<T extends unknown[]>(property: fc.IAsyncProperty<T>): Promise<void> {
  await fc.assert(property, { numRuns: RUNS });
}

/** One request in bytes; its length is true unless a header of the call says otherwise. */
export function send(
  url: string,
  { method = 'POST', path = OBSERVE, headers = [], body }: Sent,
  options: RawOptions = {},
): Promise<RawAnswer | undefined> {
  const length = body === undefined ? [] : [`content-length: ${body.length}`];
  const head = [`${method} ${path} HTTP/1.1`, 'host: relay.example.com', ...length, ...headers];
  const headBytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  return rawExchange(url, Buffer.concat([headBytes, body ?? Buffer.alloc(0)]), options);
}

/** @throws Error when the connection is closed without an answer. */
export async function answered(url: string, sent: Sent): Promise<RawAnswer> {
  const answer = await send(url, sent);
  if (answer === undefined) {
    throw new Error('closed without an answer');
  }
  return answer;
}

export function bearer(text: string): string {
  return `authorization: Bearer ${text}`;
}

/** Fails unless the process still runs as it was started, is of no great size and told no secret. */
export async function expectUnharmed(relay: ServiceProcess): Promise<void> {
  const output = relay.output.join('\n');
  expect(output).not.toContain(API_KEY);
  expect(output).not.toContain(SECRET_KEY);
  expect(output).not.toMatch(/process\.uncaught|request\.crashed|Warning:/);
  expect(await residentBytes(relay.url)).toBeLessThan(MOST_BYTES);
  relay.signal('SIGTERM');
  expect(await relay.ended).toBe(0);
}
