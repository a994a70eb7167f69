import type { KeyObject } from 'node:crypto';

import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';

import { AuthError } from './auth.errors.js';
import type { Claims } from './bearer-token.js';
import { callerOf } from './caller.js';
import type { Caller, CallerRequest } from './caller.js';
import { strategyOptions } from './strategy-options.js';
import type { TenantDigest } from './tenant-digest.js';

/** Tokens signed with the relay's own secret (relay-protocol 2.1): of the claims, only `key` counts. */
export class Hs256Strategy extends PassportStrategy(Strategy, 'relay-hs256') {
  constructor(
    secret: KeyObject,
    private readonly tenants: TenantDigest,
  ) {
    super(strategyOptions({ algorithm: 'HS256', keyOf: () => Promise.resolve(secret) }));
  }

  /** @throws AuthError `payload-structure` when `key` is missing, empty or not a text. */
  override validate(_request: CallerRequest, claims: Claims): Caller {
    const key = claims['key'];
    if (typeof key !== 'string' || key === '') {
      throw AuthError.of('v1', 'payload-structure');
    }
    return callerOf('v1', key, claims, this.tenants);
  }
}
