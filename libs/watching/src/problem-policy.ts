import type { Problem, ProblemCode } from '#enrichment';

import type { HaltReason } from './halt.js';

/**
 * What a problem means for a refresh. `halt_key`, `halt_kind`: work rests, see {@link HaltReason}.
 * `wait`: nothing is wrong but that it may not be asked now. `throttled`: upstream asks for less.
 * `retry`: it may go well in a moment. `give_up`: trying again in a moment changes nothing.
 */
export type ProblemAction = 'halt_key' | 'halt_kind' | 'wait' | 'throttled' | 'retry' | 'give_up';

/** A new problem code does not compile without its row. */
const POLICY: Readonly<Record<ProblemCode, ProblemAction>> = {
  bad_key: 'halt_key',
  unencodable_key: 'halt_key',
  plan: 'halt_kind',
  quota: 'wait',
  hard_limit: 'wait',
  reserve: 'wait',
  budget: 'wait',
  quota_unknown: 'wait',
  uncounted: 'wait',
  throttled: 'throttled',
  server: 'retry',
  unexpected_status: 'retry',
  redirect: 'retry',
  network: 'retry',
  tls: 'retry',
  timeout: 'retry',
  too_large: 'retry',
  malformed: 'retry',
  deadline: 'retry',
  too_much: 'retry',
  internal: 'retry',
  shape: 'give_up',
  unprocessed_pages: 'give_up',
};

/** Which of several problems of one refresh decides: what stops most of the work. */
const ORDER: readonly ProblemAction[] = [
  'halt_key',
  'halt_kind',
  'wait',
  'throttled',
  'retry',
  'give_up',
];

export function problemAction(code: ProblemCode): ProblemAction {
  return POLICY[code];
}

/** The problem that decides how a refresh ends; undefined when there is none. */
export function decisiveProblem(problems: readonly Problem[]): Problem | undefined {
  const ranked = problems.map((problem) => ORDER.indexOf(POLICY[problem.code]));
  return problems[ranked.indexOf(Math.min(...ranked))];
}

/** The reason of a halt for a code that halts; `plan` for any other. */
export function haltReason(code: ProblemCode): HaltReason {
  return code === 'bad_key' || code === 'unencodable_key' ? code : 'plan';
}
