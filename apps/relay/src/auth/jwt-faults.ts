import jsonwebtoken from 'jsonwebtoken';

import { AuthError } from './auth.errors.js';
import type { AuthMode } from './auth.errors.js';

/** How jsonwebtoken's messages start, and what they mean here. */
const FAULTS = [
  ['jwt malformed', 'token-structure'],
  ['invalid token', 'token-structure'],
  ['invalid algorithm', 'wrong-algorithm'],
  ['invalid signature', 'bad-signature'],
  ['jwt signature is required', 'bad-signature'],
  ['jwt audience invalid', 'wrong-audience'],
] as const;

type JwtFault = (typeof FAULTS)[number][1];

/**
 * The error that a strategy's failure is answered with. Whatever the table does not know is a token
 * that could not be verified, `bad-signature`, with the failure as its cause.
 */
export function authErrorOf(mode: AuthMode, failure: unknown): AuthError {
  if (failure instanceof AuthError) {
    return failure;
  }
  const fault = jwtFaultOf(failure);
  const reason = fault ?? 'bad-signature';
  const cause = fault === undefined && failure instanceof Error ? failure : undefined;
  if (mode === 'v2') {
    return AuthError.of('v2', reason, cause);
  }
  // No audience is asked of a v1 token, so v1 has no words for a wrong one.
  return AuthError.of('v1', reason === 'wrong-audience' ? 'bad-signature' : reason, cause);
}

function jwtFaultOf(failure: unknown): JwtFault | undefined {
  const message = failure instanceof jsonwebtoken.JsonWebTokenError ? failure.message : '';
  return FAULTS.find(([start]) => message.startsWith(start))?.[1];
}
