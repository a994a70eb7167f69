import { describe, expect, it } from '@jest/globals';

import { PROBLEM_CODES } from '#enrichment';
import type { ProblemCode } from '#enrichment';

import { failureAction } from './failure-policy.js';
import type { FailureAction } from './failure-policy.js';

/** Every problem with what becomes of its job; a new one does not compile without its row. */
const EXPECTED: Readonly<Record<ProblemCode, FailureAction['action']>> = {
  bad_key: 'give_up',
  unencodable_key: 'give_up',
  plan: 'give_up',
  throttled: 'wait',
  quota: 'wait',
  server: 'retry',
  unexpected_status: 'retry',
  redirect: 'retry',
  network: 'retry',
  tls: 'retry',
  timeout: 'retry',
  too_large: 'retry',
  too_much: 'retry',
  malformed: 'retry',
  shape: 'give_up',
  deadline: 'retry',
  unprocessed_pages: 'give_up',
  internal: 'retry',
};

describe('failureAction', () => {
  it.each(PROBLEM_CODES)('knows what to do after %s', (code) => {
    expect(failureAction(code).action).toBe(EXPECTED[code]);
  });

  it('waits seconds for a throttle and minutes for the quota', () => {
    expect([failureAction('throttled'), failureAction('quota')]).toEqual([
      { action: 'wait', ms: 5_000 },
      { action: 'wait', ms: 900_000 },
    ]);
  });
});
