import type { ObserveProblem, Problem, ProblemCode } from '#enrichment';

import type { RelayError, RelayErrorType } from '../http/relay-error.js';

interface Row {
  readonly code: string;
  /** The message, up to where the observable is named. */
  readonly text: (problem: Problem) => string;
}

const UNEXPECTED = 'Unexpected response from SecurityTrails: ';
const REFUSED = 'Authorization failed: ';

/** Upstream's own words behind a prefix; our words where it had none. */
function quoted(prefix: string, otherwise: string): Row['text'] {
  return ({ text }) => prefix + (text === '' ? otherwise : text);
}

function fixed(text: string): Row['text'] {
  return () => text;
}

/** What keeps background calls back; no analyst's call meets it. */
const NOT_FOR_ANALYSTS: Row = {
  code: 'too many requests',
  text: fixed('The calls to SecurityTrails that are left are kept back'),
};

/**
 * Every problem in the protocol's words (relay-protocol 3.6, 6). Where Cisco's relay crashed the
 * texts are ours. A new problem code does not compile without its row.
 */
const TABLE: Readonly<Record<ProblemCode, Row>> = {
  bad_key: {
    // 403 is the code that the platform knows for a bad key; 401 has one of its own.
    code: 'authorization error',
    text: quoted(REFUSED, 'Invalid authentication credentials'),
  },
  unencodable_key: {
    code: 'authorization error',
    text: fixed(`${REFUSED}Invalid authentication credentials`),
  },
  plan: {
    code: 'authorization error',
    text: quoted(REFUSED, 'The subscription does not include this'),
  },
  throttled: { code: 'too many requests', text: quoted(UNEXPECTED, 'API rate limit exceeded') },
  quota: {
    code: 'too many requests',
    text: quoted(UNEXPECTED, "You've exceeded the usage limits for your account."),
  },
  server: { code: 'unknown', text: quoted(UNEXPECTED, 'server error') },
  unexpected_status: { code: 'unknown', text: quoted(UNEXPECTED, 'unexpected status') },
  redirect: { code: 'unknown', text: fixed(`${UNEXPECTED}redirect`) },
  network: { code: 'unknown', text: fixed('Unable to connect to SecurityTrails') },
  tls: { code: 'unknown', text: quoted('Unable to verify SSL certificate: ', 'Unknown reason') },
  timeout: { code: 'unknown', text: fixed('SecurityTrails did not answer in time') },
  too_large: { code: 'unknown', text: fixed('The answer of SecurityTrails is too large') },
  malformed: { code: 'unknown', text: fixed('The answer of SecurityTrails is not valid JSON') },
  shape: {
    code: 'key error',
    text: fixed('The data structure of SecurityTrails has changed. The module is broken.'),
  },
  deadline: {
    code: 'gateway timeout',
    text: fixed('SecurityTrails has not answered yet; the answer will be there for the next call'),
  },
  too_much: {
    code: 'unknown',
    text: fixed('The answer has grown too large; ask for fewer observables or pages at a time'),
  },
  hard_limit: {
    code: 'too many requests',
    text: fixed(
      'The monthly limit of calls to SecurityTrails that is set for this service is reached',
    ),
  },
  reserve: NOT_FOR_ANALYSTS,
  budget: NOT_FOR_ANALYSTS,
  quota_unknown: NOT_FOR_ANALYSTS,
  uncounted: {
    code: 'unknown',
    text: fixed('Calls to SecurityTrails cannot be counted at the moment, so none is made'),
  },
  unprocessed_pages: { code: 'unprocessed pages', text: fixed('') },
  internal: { code: 'unknown', text: fixed('Something went wrong.') },
};

const UNAUTHORIZED: Row = { code: 'unauthorized', text: quoted(UNEXPECTED, 'no body') };

/**
 * A problem as an error of the protocol.
 *
 * @param named whether the observable is named: with more than one in the call the reader must be
 *   told which one it is about; with one that failed wholly the contract's text stays as it is.
 */
export function relayErrorOf(observed: ObserveProblem, named: boolean): RelayError {
  const { problem } = observed;
  if (problem.code === 'unprocessed_pages') {
    return warning(observed);
  }
  const row = rowOf(problem);
  const text = row.text(problem);
  return {
    code: row.code,
    message: `${text}${aboutWhat(observed, named)}`,
    type: typeOf(observed),
  };
}

/** Which observable, and with an answer beside it which part of it, is missing. */
function aboutWhat({ problem, given, partial, kinds }: ObserveProblem, named: boolean): string {
  if (!named && !partial && problem.code !== 'deadline') {
    return '';
  }
  const part = partial && given.type === 'domain' ? kinds.join(', ').toUpperCase() : '';
  return ` (${part === '' ? given.type : `${part} of`} ${given.value})`;
}

/** A problem that concerns no observable, such as that of a health check. */
export function relayErrorWithout(problem: Problem): RelayError {
  const row = rowOf(problem);
  return { code: row.code, message: row.text(problem), type: 'fatal' };
}

function rowOf(problem: Problem): Row {
  return problem.code === 'bad_key' && problem.status === 401 ? UNAUTHORIZED : TABLE[problem.code];
}

/** What leaves an answer standing, or only late, is no reason to show the module as broken. */
function typeOf({ problem, partial }: ObserveProblem): RelayErrorType {
  return partial || problem.code === 'deadline' ? 'warning' : 'fatal';
}

/** The contract's words, missing blank included (relay-protocol 3.4.8). */
function warning({ given, pages = 0 }: ObserveProblem): RelayError {
  return {
    code: 'unprocessed pages',
    message: `There are ${pages} page(s) left unprocessedfor ${given.value}. Please contact support@securitytrails.com to download the data`,
    type: 'warning',
  };
}
