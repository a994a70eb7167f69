import type { KeyObject } from 'node:crypto';

import { PassportStrategy } from '@nestjs/passport';
import type { Algorithm } from 'jsonwebtoken';
import { Strategy } from 'passport-jwt';
import type { StrategyOptionsWithRequest } from 'passport-jwt';

import type { Claims } from '../../auth/bearer-token.js';
import { checkValidity, validityOf } from '../../auth/validity.js';
import { OpsError } from '../ops.errors.js';
import { roleIn } from './operator.js';
import type { Operator } from './operator.js';

/** A request with a token that was read, not verified. */
export interface TokenRequest {
  readonly text: string;
  readonly kid: unknown;
}

export interface OperatorStrategyOptions {
  /** Of one kind of key: never a secret's and a key pair's together. */
  readonly algorithms: readonly Algorithm[];
  readonly keyOf: (token: TokenRequest) => Promise<KeyObject>;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** Dotted path of the claim with the role. */
  readonly roleClaim: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type KeyDone = (error: unknown, key?: Buffer) => void;
const LONGEST_SUBJECT = 200;
/** Dates are judged in validate: it knows the injected clock and the leeway. */
const DATES_ARE_OURS = { ignoreExpiration: true, jsonWebTokenOptions: { ignoreNotBefore: true } };

/**
 * Operators' tokens. They must end (`exp`), name their subject and a role, and hold no `key`: that is
 * what every token of the relay's callers holds, so that neither ever passes for the other, whatever
 * secret signed it.
 */
export class OperatorStrategy extends PassportStrategy(Strategy, 'operator') {
  readonly #options: OperatorStrategyOptions;

  constructor(options: OperatorStrategyOptions) {
    super(passportOptions(options));
    this.#options = options;
  }

  /** @throws OpsError UNAUTHENTICATED, FORBIDDEN for a token without a role; AuthError for its dates. */
  override validate(_request: unknown, claims: Claims): Operator {
    const { now, roleClaim } = this.#options;
    const { sub: subject, name, exp } = claims;
    const validity = validityOf(claims, 'v2');
    checkValidity(validity, now(), 'v2');
    const isNamed =
      typeof subject === 'string' && subject.trim() !== '' && subject.length <= LONGEST_SUBJECT;
    if (typeof exp !== 'number' || !isNamed || 'key' in claims) {
      throw new OpsError('UNAUTHENTICATED', 'The token is not one of an operator.');
    }
    const role = roleIn(claims, roleClaim);
    if (role === undefined) {
      throw new OpsError('FORBIDDEN', 'The token names no role.');
    }
    return {
      subject,
      name: typeof name === 'string' ? name : null,
      role,
      until: validity.until,
    };
  }
}

function passportOptions(options: OperatorStrategyOptions): StrategyOptionsWithRequest {
  const { algorithms, keyOf, issuer, audience } = options;
  return {
    algorithms: [...algorithms],
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
    ...DATES_ARE_OURS,
    jwtFromRequest: (request: unknown) => (request as TokenRequest).text,
    secretOrKeyProvider: (request: unknown, _text: unknown, done: KeyDone) => {
      keyOf(request as TokenRequest).then((key) => {
        // jsonwebtoken takes key objects; the types are older.
        done(null, key as unknown as Buffer);
      }, done);
    },
    passReqToCallback: true,
  };
}
