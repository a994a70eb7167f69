import { createHash, generateKeyPairSync } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';

import jwt from 'jsonwebtoken';

/** What a token says to the relay (relay-protocol 2.2, 3.4). */
export interface RelayClaims {
  /** The SecurityTrails API key. */
  readonly key: string;
  /** Pages of 100 records per question; 0: all. */
  readonly NUMBER_OF_PAGES?: number;
  readonly GET_ALL_PAGES?: boolean;
  /** When the token stops being valid, in seconds since 1970. */
  readonly exp?: number;
}

/** Claims that only tokens signed with a key pair carry. */
export interface PlatformClaims {
  /** The relay's public URL, without a trailing slash. */
  readonly aud: string;
  /** host[:port] that publishes the public key under /.well-known/jwks. */
  readonly jwks_host: string;
}

/** A key pair for development, where the platform would have its own. */
export interface DevelopmentKeys {
  readonly kid: string;
  /** PKCS#8, PEM. Secret. */
  readonly privateKey: string;
  /** What `https://<jwks_host>/.well-known/jwks` has to answer. */
  readonly jwks: { readonly keys: readonly JsonWebKey[] };
}

/** A token signed with the secret shared with the relay as SECRET_KEY (relay-protocol 2.1). */
export function hs256Token(claims: RelayClaims, secret: string): string {
  return jwt.sign(claims, secret, { algorithm: 'HS256' });
}

/** A token such as the platform makes for each call (relay-protocol 2.2). */
export function rs256Token(claims: RelayClaims & PlatformClaims, keys: DevelopmentKeys): string {
  return jwt.sign(claims, keys.privateKey, { algorithm: 'RS256', keyid: keys.kid });
}

/** A new RSA key pair of 2048 bits, named by its RFC 7638 thumbprint. */
export function developmentKeys(): DevelopmentKeys {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n, e } = pair.publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url');
  return {
    kid,
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    jwks: { keys: [{ kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' } as JsonWebKey] },
  };
}
