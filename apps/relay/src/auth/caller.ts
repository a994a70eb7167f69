import type { TenantDigest } from '#enrichment';
import type { Request } from 'express';

import type { AuthMode } from './auth.errors.js';
import type { BearerToken, Claims } from './bearer-token.js';
import { pageLimit } from './page-limit.js';

/** Whom a call is answered for, as the verified token says. Lives as long as the request. */
export interface Caller {
  /** The SecurityTrails API key: only ever sent upstream, never logged, stored or put in a job. */
  readonly apiKey: string;
  /** The key's digest, 32 hex characters: what caches, limits and logs know the caller by. */
  readonly tenant: string;
  /** Most pages of one upstream query, 1..100. */
  readonly pages: number;
  /** The generation whose envelope the answer has. */
  readonly mode: AuthMode;
}

/** A request on its way through the guard; behind the guard `caller` is always there. */
export interface CallerRequest extends Request {
  bearer?: BearerToken;
  caller?: Caller;
}

/** The caller of a verified token. */
export function callerOf(
  mode: AuthMode,
  apiKey: string,
  claims: Claims,
  tenants: TenantDigest,
): Caller {
  return { apiKey, tenant: tenants.of(apiKey), pages: pageLimit(claims), mode };
}
