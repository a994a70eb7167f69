import type { ProblemCode } from '#enrichment';

/**
 * What becomes of a refresh that failed. `retry`: attempts and back-off of the job. `wait`: back to
 * the queue without using an attempt up, since upstream only asks for less. `give_up`: trying again
 * changes nothing.
 */
export type FailureAction =
  { readonly action: 'retry' | 'give_up' } | { readonly action: 'wait'; readonly ms: number };

const RETRY: FailureAction = { action: 'retry' };
const GIVE_UP: FailureAction = { action: 'give_up' };

/** A new problem code does not compile without its row. */
const POLICY: Readonly<Record<ProblemCode, FailureAction>> = {
  bad_key: GIVE_UP,
  unencodable_key: GIVE_UP,
  plan: GIVE_UP,
  shape: GIVE_UP,
  unprocessed_pages: GIVE_UP,
  throttled: { action: 'wait', ms: 5_000 },
  quota: { action: 'wait', ms: 900_000 },
  server: RETRY,
  unexpected_status: RETRY,
  redirect: RETRY,
  network: RETRY,
  tls: RETRY,
  timeout: RETRY,
  too_large: RETRY,
  malformed: RETRY,
  deadline: RETRY,
  too_much: RETRY,
  internal: RETRY,
};

export function failureAction(code: ProblemCode): FailureAction {
  return POLICY[code];
}
