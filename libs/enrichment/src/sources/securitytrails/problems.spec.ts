import { describe, expect, it } from '@jest/globals';

import { GovernorError } from '#governor';
import { LedgerRefusal } from '#ledger';
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
} from '#securitytrails';
import type { ErrorDetails, SecurityTrailsError, SecurityTrailsErrorCode } from '#securitytrails';

import { NothingKnownAnswer } from '../../nothing-known.js';
import { EnrichmentFailure, PROBLEM_CODES, problemOf } from '../../problem.js';
import type { Problem } from '../../problem.js';
import { translated } from './problems.js';

const LEDGER_CODES = ['hard_limit', 'reserve', 'budget', 'quota_unknown', 'uncounted'] as const;

const DETAILS: ErrorDetails = {
  endpoint: 'history',
  status: 418,
  upstreamText: { body: 'the whole body', message: 'its message' },
};

/** One error of each kind; a kind without its row does not compile. */
const ERRORS: Readonly<
  Record<SecurityTrailsErrorCode, (details: ErrorDetails) => SecurityTrailsError>
> = {
  bad_key: (details) => new BadKeyError(details),
  unencodable_key: (details) => new UnencodableKeyError(details),
  plan: (details) => new PlanError(details),
  invalid_name: (details) => new InvalidNameError(details),
  not_found: (details) => new NotFoundError(details),
  throttled: (details) => new ThrottledError(details, { ms: 1_000, saidByUpstream: false }),
  quota: (details) => new QuotaError(details),
  server: (details) => new ServerError(details),
  unexpected_status: (details) => new UnexpectedStatusError(details),
  redirect: (details) => new RedirectError(details),
  network: (details) => new NetworkError(details, 'ECONNREFUSED'),
  tls: (details) => new TlsError(details, 'self-signed certificate'),
  timeout: (details) => new CallTimeoutError(details),
  too_large: (details) => new TooLargeError(details),
  malformed: (details) => new MalformedError(details),
  shape: (details) => new ShapeError(details, 'records[0].values'),
  aborted: (details) => new AbortedError(details),
};

/** What each becomes: a reason for "nothing known", or a problem with words. */
const EXPECTED: Readonly<Record<SecurityTrailsErrorCode, string | Omit<Problem, 'status'>>> = {
  bad_key: { code: 'bad_key', text: 'its message' },
  unencodable_key: { code: 'unencodable_key', text: '' },
  plan: { code: 'plan', text: 'its message' },
  invalid_name: 'invalid_name',
  not_found: 'not_found',
  throttled: { code: 'throttled', text: 'the whole body' },
  quota: { code: 'quota', text: 'the whole body' },
  server: { code: 'server', text: 'the whole body' },
  unexpected_status: { code: 'unexpected_status', text: 'the whole body' },
  redirect: { code: 'redirect', text: '' },
  network: { code: 'network', text: '' },
  tls: { code: 'tls', text: 'Self-signed certificate' },
  timeout: { code: 'timeout', text: '' },
  too_large: { code: 'too_large', text: '' },
  malformed: { code: 'malformed', text: '' },
  shape: { code: 'shape', text: '' },
  aborted: { code: 'internal', text: '' },
};

describe('translated', () => {
  it.each(SECURITYTRAILS_ERROR_CODES)('has a meaning for %s', (code) => {
    const error = ERRORS[code](DETAILS);
    const meaning = translated(error);
    const expected = EXPECTED[code];
    expect(error.code).toBe(code);
    expect(meaning instanceof NothingKnownAnswer ? meaning.reason : problemOf(meaning)).toEqual(
      typeof expected === 'string' ? expected : { ...expected, status: 418 },
    );
  });

  it.each(SECURITYTRAILS_ERROR_CODES)('has a meaning for %s without a body', (code) => {
    const meaning = translated(ERRORS[code]({ endpoint: 'history' }));
    const text = meaning instanceof NothingKnownAnswer ? meaning.text : problemOf(meaning).text;
    expect(text).toBe(code === 'tls' ? 'Self-signed certificate' : '');
  });

  it('means the quota when the governor lets nobody through', () => {
    const refusal = new GovernorError('quota_exhausted', 'used up', 1);
    expect(translated(refusal)).toMatchObject({
      problem: { code: 'quota', text: '' },
      cause: refusal,
    });
  });

  it.each(LEDGER_CODES)('says that the ledger refused with %s, and until when', (code) => {
    const refusal = new LedgerRefusal(code, 1_800_000_000_000);
    expect(translated(refusal)).toMatchObject({
      problem: { code, text: '', retryAt: 1_800_000_000_000 },
      cause: refusal,
    });
  });

  it.each([
    ['a place in the line that was given up', new GovernorError('abandoned', 'given up')],
    ['an error that nobody foresaw', new TypeError('inside of ours')],
    ['a failure in its own words', new EnrichmentFailure({ code: 'plan', text: 'x' })],
    ['what is no error', 'text'],
  ])('leaves %s as it is', (_, error) => {
    expect(translated(error)).toBe(error);
  });

  it('reaches every problem that upstream can cause', () => {
    const reached = Object.values(EXPECTED).flatMap((one) =>
      typeof one === 'string' ? [] : [one.code],
    );
    const ours = PROBLEM_CODES.filter((code) => !reached.includes(code));
    expect(ours).toEqual(['deadline', 'too_much', 'unprocessed_pages', ...LEDGER_CODES]);
  });
});
