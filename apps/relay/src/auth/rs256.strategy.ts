import type { TenantDigest } from '#enrichment';
import type { KeyObject } from 'node:crypto';

import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';

import { AuthError } from './auth.errors.js';
import type { BearerToken, Claims } from './bearer-token.js';
import { callerOf } from './caller.js';
import type { Caller, CallerRequest } from './caller.js';
import type { JwksClient } from './jwks.client.js';
import { strategyOptions } from './strategy-options.js';
import { checkValidity, validityOf } from './validity.js';

export interface Rs256StrategyOptions {
  readonly audiences: readonly string[];
  readonly jwks: Pick<JwksClient, 'keyFor'>;
  readonly tenants: TenantDigest;
  readonly now: () => number;
}

/** Tokens that the platform makes for each call and signs with a published key (relay-protocol 2.2). */
export class Rs256Strategy extends PassportStrategy(Strategy, 'relay-rs256') {
  readonly #options: Rs256StrategyOptions;

  constructor(options: Rs256StrategyOptions) {
    const { audiences, jwks } = options;
    super(strategyOptions({ algorithm: 'RS256', audiences, keyOf: (token) => keyOf(token, jwks) }));
    this.#options = options;
  }

  /**
   * In the order of the protocol: dates, paging, key. An empty key is accepted (2.2, row 17).
   *
   * @throws AuthError `expired`, `not-yet-valid`, `null-page-number`, `payload-structure`
   */
  override validate(_request: CallerRequest, claims: Claims): Caller {
    checkValidity(validityOf(claims, 'v2'), this.#options.now(), 'v2');
    if (claims['NUMBER_OF_PAGES'] === null) {
      throw AuthError.of('v2', 'null-page-number');
    }
    const key = claims['key'];
    if (typeof key !== 'string') {
      throw AuthError.of('v2', 'payload-structure');
    }
    return callerOf('v2', key, claims, this.#options.tenants);
  }
}

/** @throws AuthError `missing-jwks-host`, `wrong-jwks-host`, `payload-structure`, `unknown-kid` */
async function keyOf(
  { claims, kid }: BearerToken,
  jwks: Pick<JwksClient, 'keyFor'>,
): Promise<KeyObject> {
  const host = claims['jwks_host'];
  if (host === undefined) {
    throw AuthError.of('v2', 'missing-jwks-host');
  }
  if (typeof host !== 'string') {
    throw AuthError.of('v2', 'wrong-jwks-host');
  }
  if (typeof kid !== 'string') {
    throw AuthError.of('v2', 'payload-structure');
  }
  return jwks.keyFor(host, kid);
}
