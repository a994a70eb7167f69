import { createSecretKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { AuthError } from './auth.errors.js';
import type { AuthMode } from './auth.errors.js';

export interface AuthPolicyOptions {
  /** The URLs the platform calls: what an RS256 token may name as `aud`. A final slash is dropped. */
  readonly publicUrls: readonly string[];
  /** `host[:port]` of each key set that may be asked; empty switches RS256 off. */
  readonly jwksHosts: readonly string[];
  /** The secret of HS256 tokens; none switches HS256 off. */
  readonly secretKey?: string | undefined;
}

const ALGORITHMS = { v1: 'HS256', v2: 'RS256' } as const satisfies Record<AuthMode, string>;

/**
 * Which tokens are accepted, and in which generation's words the others are refused:
 *
 * | `SECRET_KEY` | `JWKS_HOSTS` | fault before the algorithm is known | `alg` HS… | any other `alg` |
 * | ------------ | ------------ | ----------------------------------- | --------- | --------------- |
 * | set          | empty        | v1                                  | v1        | v1              |
 * | –            | set          | v2                                  | v2        | v2              |
 * | set          | set          | v1                                  | v1        | v2              |
 * | –            | empty        | v1                                  | v1        | v1              |
 *
 * Each mode then takes its own algorithm only, HS256 or RS256, and holds only that algorithm's key,
 * so a public key can never serve as a secret. In the last row every readable token ends as
 * `<SECRET_KEY> is missing`; where RS256 is on, a HS256 token without `SECRET_KEY` is a token of the
 * wrong algorithm.
 */
export class AuthPolicy {
  /**
   * Names this policy in the token memory: what one policy accepted is nothing to another. It is
   * derived from the secret too, so it stays inside the process.
   */
  readonly id: string;
  /** The mode of a fault that comes before the algorithm is known. */
  readonly defaultMode: AuthMode;
  readonly audiences: readonly string[];
  /** The HS256 secret, as an object that neither prints nor serialises. */
  readonly secret: KeyObject | undefined;
  readonly #rs256: boolean;

  /** @throws TypeError when RS256 is on and no public URL says for whom its tokens must be. */
  constructor({ publicUrls, jwksHosts, secretKey = '' }: AuthPolicyOptions) {
    if (jwksHosts.length > 0 && publicUrls.length === 0) {
      throw new TypeError('publicUrls must name the audience while jwksHosts is not empty');
    }
    this.audiences = publicUrls.map((url) => url.replace(/\/+$/, ''));
    this.secret = secretKey === '' ? undefined : createSecretKey(secretKey, 'utf8');
    this.#rs256 = jwksHosts.length > 0;
    this.defaultMode = this.#rs256 && this.secret === undefined ? 'v2' : 'v1';
    this.id = hash('sha256', JSON.stringify([this.audiences, jwksHosts, secretKey]), 'base64url');
  }

  /**
   * The mode that judges a token of this `alg`.
   *
   * @throws AuthError `missing-secret` or `wrong-algorithm`.
   */
  modeFor(alg: string): AuthMode {
    const mode = this.#rs256 && !alg.startsWith('HS') ? 'v2' : this.defaultMode;
    if (mode === 'v1' && this.secret === undefined) {
      throw AuthError.of('v1', 'missing-secret');
    }
    if (alg !== ALGORITHMS[mode]) {
      throw AuthError.of(mode, 'wrong-algorithm');
    }
    return mode;
  }
}
