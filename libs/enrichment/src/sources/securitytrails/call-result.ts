import type { CallResult } from '#ledger';
import type { CallOutcome, SecurityTrailsErrorCode } from '#securitytrails';

/** How each failure is booked. A new code does not compile without its row. */
const RESULT: Readonly<Record<SecurityTrailsErrorCode, CallResult>> = {
  bad_key: 'refused',
  unencodable_key: 'refused',
  plan: 'refused',
  invalid_name: 'nothing',
  not_found: 'nothing',
  throttled: 'throttled',
  quota: 'quota',
  server: 'failed',
  unexpected_status: 'failed',
  redirect: 'failed',
  network: 'failed',
  tls: 'failed',
  timeout: 'failed',
  too_large: 'failed',
  malformed: 'failed',
  shape: 'failed',
  aborted: 'failed',
};

/** The outcome of a call as the ledger books it. */
export function callResultOf({ error }: CallOutcome): CallResult {
  return error === undefined ? 'answered' : RESULT[error];
}
