import { describe, expect, it } from '@jest/globals';
import type { SecurityTrailsError } from './errors.js';
import {
  AbortedError,
  BadKeyError,
  CallTimeoutError,
  InvalidNameError,
  MalformedError,
  NetworkError,
  NotFoundError,
  PlanError,
  QuotaError,
  RedirectError,
  SECURITYTRAILS_ERROR_CODES,
  ServerError,
  ShapeError,
  ThrottledError,
  TlsError,
  TooLargeError,
  UnencodableKeyError,
  UnexpectedStatusError,
} from './errors.js';
import { nextMove } from './retry-policy.js';

const at = (status?: number) => ({ endpoint: 'ping' as const, status });
const throttled = (ms: number) => new ThrottledError(at(429), { ms, saidByUpstream: true });
const START = { failures: 0, throttles: 0 };

const FINAL: readonly SecurityTrailsError[] = [
  new BadKeyError(at(401)),
  new UnencodableKeyError(at()),
  new PlanError(at(403)),
  new InvalidNameError(at(400)),
  new NotFoundError(at(404)),
  new QuotaError(at(429)),
  new UnexpectedStatusError(at(418)),
  new RedirectError(at(302)),
  new TlsError(at(), 'self-signed certificate'),
  new TooLargeError(at(200)),
  new MalformedError(at(200)),
  new ShapeError(at(200), 'records'),
  new AbortedError(at()),
];
const PASSING: readonly SecurityTrailsError[] = [
  new ServerError(at(500)),
  new NetworkError(at(), 'ECONNREFUSED'),
  new NetworkError(at(200), 'ECONNRESET'),
  new CallTimeoutError(at()),
];

describe('nextMove', () => {
  it.each(FINAL)('never repeats $code', (error) => {
    expect(nextMove(error, START, true, 0)).toEqual({ kind: 'give_up' });
  });

  it.each(PASSING)('repeats $code ($status) once', (error) => {
    const retry = { kind: 'retry', because: 'failures', waitMs: 300 };
    expect(nextMove(error, START, true, 0)).toEqual(retry);
    expect(nextMove(error, { failures: 1, throttles: 0 }, true, 0)).toEqual({ kind: 'give_up' });
  });

  it.each(PASSING)('does not repeat $code that nobody pays for', (error) => {
    expect(nextMove(error, START, false, 0)).toEqual({ kind: 'give_up' });
  });

  it('decides on every code there is', () => {
    const tried = new Set([...FINAL, ...PASSING, throttled(1)].map((error) => error.code));
    expect([...tried].sort()).toEqual([...SECURITYTRAILS_ERROR_CODES].sort());
  });

  it.each([500, 502, 503, 504])('repeats %i', (status) => {
    expect(nextMove(new ServerError(at(status)), START, true, 0).kind).toBe('retry');
  });

  it.each([501, 505, 520])('does not repeat %i', (status) => {
    expect(nextMove(new ServerError(at(status)), START, true, 0).kind).toBe('give_up');
  });

  it('does not repeat a timeout within the body', () => {
    expect(nextMove(new CallTimeoutError(at(200)), START, true, 0).kind).toBe('give_up');
  });

  it('spreads retries over 0.3 to 0.8 seconds', () => {
    const error = new ServerError(at(503));
    expect(nextMove(error, START, true, 0.5)).toMatchObject({ waitMs: 550 });
    expect(nextMove(error, START, true, 1)).toMatchObject({ waitMs: 800 });
  });

  it('repeats a throttle twice after its own wait, paid for or not', () => {
    const retry = { kind: 'retry', because: 'throttles', waitMs: 1_200 };
    expect(nextMove(throttled(1_200), START, false, 0)).toEqual(retry);
    expect(nextMove(throttled(1_200), { failures: 1, throttles: 1 }, false, 0)).toEqual(retry);
    expect(nextMove(throttled(1_200), { failures: 0, throttles: 2 }, true, 0).kind).toBe('give_up');
  });

  it('leaves a long wait to the caller', () => {
    expect(nextMove(throttled(5_000), START, true, 0).kind).toBe('retry');
    expect(nextMove(throttled(5_001), START, true, 0).kind).toBe('give_up');
  });
});
