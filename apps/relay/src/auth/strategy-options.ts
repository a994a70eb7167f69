import type { KeyObject } from 'node:crypto';

import type { Algorithm } from 'jsonwebtoken';
import type { StrategyOptionsWithRequest } from 'passport-jwt';

import type { BearerToken } from './bearer-token.js';
import type { CallerRequest } from './caller.js';

type KeyDone = (error: unknown, key?: Buffer) => void;

export interface StrategyPlan {
  /** The one algorithm of the mode: never a list, so that no other's key is ever tried. */
  readonly algorithm: Extract<Algorithm, 'HS256' | 'RS256'>;
  readonly keyOf: (token: BearerToken) => Promise<KeyObject>;
  /** The accepted audiences; without it `aud` is not looked at. */
  readonly audiences?: readonly string[];
}

/** Dates are judged by {@link checkValidity}: it knows the injected clock and the leeway. */
const DATES_ARE_OURS = { ignoreExpiration: true, jsonWebTokenOptions: { ignoreNotBefore: true } };

/**
 * The passport-jwt options of a mode. The token is the one the guard has read.
 */
export function strategyOptions({
  algorithm,
  keyOf,
  audiences,
}: StrategyPlan): StrategyOptionsWithRequest {
  return {
    algorithms: [algorithm],
    ...(audiences === undefined ? {} : { audience: [...audiences] }),
    ...DATES_ARE_OURS,
    jwtFromRequest: ({ bearer }: CallerRequest) => bearer?.text ?? null,
    secretOrKeyProvider: ({ bearer }: CallerRequest, _text, done: KeyDone) => {
      const key = bearer === undefined ? Promise.reject(new Error('No token')) : keyOf(bearer);
      // jsonwebtoken takes key objects, and is five times faster with them; the types are older.
      key.then((object) => {
        done(null, object as unknown as Buffer);
      }, done);
    },
    passReqToCallback: true,
  };
}
