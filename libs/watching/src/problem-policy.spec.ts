import { describe, expect, it } from '@jest/globals';

import { PROBLEM_CODES } from '#enrichment';
import type { Problem, ProblemCode } from '#enrichment';

import { decisiveProblem, haltReason, problemAction } from './problem-policy.js';
import type { ProblemAction } from './problem-policy.js';
import { isRestReason } from './refresh-end.js';

/** Every problem with what becomes of its refresh; a new one does not compile without its row. */
const EXPECTED: Readonly<Record<ProblemCode, ProblemAction>> = {
  bad_key: 'halt_key',
  unencodable_key: 'halt_key',
  plan: 'halt_kind',
  throttled: 'throttled',
  quota: 'wait',
  hard_limit: 'wait',
  reserve: 'wait',
  budget: 'wait',
  quota_unknown: 'wait',
  uncounted: 'wait',
  server: 'retry',
  unexpected_status: 'retry',
  redirect: 'retry',
  network: 'retry',
  tls: 'retry',
  timeout: 'retry',
  too_large: 'retry',
  too_much: 'retry',
  malformed: 'retry',
  deadline: 'retry',
  internal: 'retry',
  shape: 'give_up',
  unprocessed_pages: 'give_up',
};

function problems(...codes: ProblemCode[]): Problem[] {
  return codes.map((code) => ({ code, text: '' }));
}

describe('the policy for problems', () => {
  it.each(PROBLEM_CODES)('knows what to do after %s', (code) => {
    expect(problemAction(code)).toBe(EXPECTED[code]);
  });

  it('never calls what is nobody’s failure a failure', () => {
    const failures: ProblemAction[] = ['retry', 'give_up'];
    expect(PROBLEM_CODES.filter(isRestReason).map(problemAction)).not.toEqual(
      expect.arrayContaining(failures),
    );
  });

  it('goes by the problem that stops most of the work', () => {
    expect(decisiveProblem(problems('shape', 'server', 'throttled', 'quota'))?.code).toBe('quota');
    expect(decisiveProblem(problems('budget', 'plan', 'bad_key'))?.code).toBe('bad_key');
    expect(decisiveProblem(problems('shape', 'timeout'))?.code).toBe('timeout');
    expect(decisiveProblem([])).toBeUndefined();
  });

  it('tells a bad key from a plan', () => {
    expect((['bad_key', 'unencodable_key', 'plan'] as const).map(haltReason)).toEqual([
      'bad_key',
      'unencodable_key',
      'plan',
    ]);
  });
});
