import { GovernorError } from '#governor';
import { LedgerRefusal } from '#ledger';
import { SecurityTrailsError } from '#securitytrails';
import type { SecurityTrailsErrorCode } from '#securitytrails';

import { NothingKnownAnswer } from '../../nothing-known.js';
import { EnrichmentFailure } from '../../problem.js';
import type { ProblemCode } from '../../problem.js';

type Meaning =
  | { readonly problem: ProblemCode; readonly says?: 'body' | 'message' | 'reason' }
  | { readonly nothing: 'not_found' | 'invalid_name' };

/** What each outcome of the client means for an answer. A new code does not compile without a row. */
const MEANING: Readonly<Record<SecurityTrailsErrorCode, Meaning>> = {
  bad_key: { problem: 'bad_key', says: 'message' },
  unencodable_key: { problem: 'unencodable_key' },
  plan: { problem: 'plan', says: 'message' },
  invalid_name: { nothing: 'invalid_name' },
  not_found: { nothing: 'not_found' },
  throttled: { problem: 'throttled', says: 'body' },
  quota: { problem: 'quota', says: 'body' },
  server: { problem: 'server', says: 'body' },
  unexpected_status: { problem: 'unexpected_status', says: 'body' },
  redirect: { problem: 'redirect' },
  network: { problem: 'network' },
  tls: { problem: 'tls', says: 'reason' },
  timeout: { problem: 'timeout' },
  too_large: { problem: 'too_large' },
  malformed: { problem: 'malformed' },
  shape: { problem: 'shape' },
  aborted: { problem: 'internal' },
};

/** The failure of an upstream call in enrichment's words; what is unknown stays as it is. */
export function translated(error: unknown): unknown {
  if (error instanceof GovernorError) {
    return error.code === 'quota_exhausted'
      ? new EnrichmentFailure({ code: 'quota', text: '', retryAt: error.until }, { cause: error })
      : error;
  }
  if (error instanceof LedgerRefusal) {
    const { code, retryAt } = error;
    return new EnrichmentFailure({ code, text: '', retryAt }, { cause: error });
  }
  if (!(error instanceof SecurityTrailsError)) {
    return error;
  }
  const meaning = MEANING[error.code];
  if ('nothing' in meaning) {
    return new NothingKnownAnswer(meaning.nothing, words(error, 'body'));
  }
  // A 401 is quoted whole, a 403 by its message (relay-protocol 3.6).
  const says = error.status === 401 ? 'body' : meaning.says;
  return new EnrichmentFailure(
    { code: meaning.problem, text: words(error, says), status: error.status },
    { cause: error },
  );
}

function words(
  error: SecurityTrailsError,
  says: 'body' | 'message' | 'reason' | undefined,
): string {
  switch (says) {
    case 'body':
      return error.upstreamText?.body ?? '';
    case 'message':
      return error.upstreamText?.message ?? '';
    case 'reason':
      return error.message;
    case undefined:
      return '';
  }
}
