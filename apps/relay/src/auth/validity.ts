import { AuthError } from './auth.errors.js';
import type { AuthMode } from './auth.errors.js';

/** When a token may be used, in milliseconds since the epoch, leeway included. */
export interface Validity {
  /** First moment. */
  readonly from: number;
  /** First moment after it. */
  readonly until: number;
}

/** How far the platform's clock and ours may differ, in seconds. */
const LEEWAY_SECONDS = 30;

/**
 * The validity that the claims `nbf` and `exp` (seconds) give a token; without them it is valid for
 * good, and the platform may send none (relay-protocol 2.2, 7).
 *
 * @throws AuthError `payload-structure` when one is present and not a number.
 */
export function validityOf(claims: Readonly<Record<string, unknown>>, mode: AuthMode): Validity {
  const { nbf = -Infinity, exp = Infinity } = claims;
  if (typeof nbf !== 'number' || typeof exp !== 'number') {
    throw AuthError.of(mode, 'payload-structure');
  }
  return { from: (nbf - LEEWAY_SECONDS) * 1_000, until: (exp + LEEWAY_SECONDS) * 1_000 };
}

/** @throws AuthError `expired` or `not-yet-valid` (relay-protocol 2.2, rows 14 and 15). */
export function checkValidity(validity: Validity, now: number, mode: AuthMode): void {
  if (now >= validity.until) {
    throw AuthError.of(mode, 'expired');
  }
  if (now < validity.from) {
    throw AuthError.of(mode, 'not-yet-valid');
  }
}
