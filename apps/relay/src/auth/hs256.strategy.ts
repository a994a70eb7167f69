import type { KeyObject } from 'node:crypto';

import type { TenantDigest } from '#enrichment';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';

import { AuthError } from './auth.errors.js';
import type { Claims } from './bearer-token.js';
import { callerOf } from './caller.js';
import type { Caller, CallerRequest } from './caller.js';
import { strategyOptions } from './strategy-options.js';
import { checkValidity, validityOf } from './validity.js';

/**
 * Tokens signed with the relay's own secret (relay-protocol 2.1). Cisco's relay looked at no date;
 * tokens of its making have none, so heeding them shuts nobody out and lets an operator limit his.
 */
export class Hs256Strategy extends PassportStrategy(Strategy, 'relay-hs256') {
  constructor(
    secret: KeyObject,
    private readonly tenants: TenantDigest,
    private readonly now: () => number,
  ) {
    super(strategyOptions({ algorithm: 'HS256', keyOf: () => Promise.resolve(secret) }));
  }

  /**
   * @throws AuthError `expired`, `not-yet-valid`; `payload-structure` when `key` is missing, empty or
   *   not a text.
   */
  override validate(_request: CallerRequest, claims: Claims): Caller {
    checkValidity(validityOf(claims, 'v1'), this.now(), 'v1');
    const key = claims['key'];
    if (typeof key !== 'string' || key === '') {
      throw AuthError.of('v1', 'payload-structure');
    }
    return callerOf('v1', key, claims, this.tenants);
  }
}
