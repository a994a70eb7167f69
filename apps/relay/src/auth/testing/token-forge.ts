import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject, SigningOptions } from 'node:crypto';

/** A signing key of an invented platform, with the entry that its key set has for it. */
export interface PlatformKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

export function platformKey(kid: string, modulusLength = 2_048): PlatformKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, publicKey, jwk };
}

type Signer = (input: string) => Buffer;

/** A compact token of any header and body, however wrong; text is taken as it is. */
export function forge(header: unknown, claims: unknown, signer: Signer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

export function rsa(key: KeyObject, digest = 'sha256', options: SigningOptions = {}): Signer {
  return (input) => sign(digest, Buffer.from(input), { key, ...options });
}

export function hmac(secret: string | Buffer, digest = 'sha256'): Signer {
  return (input) => createHmac(digest, secret).update(input).digest();
}

export const unsigned: Signer = () => Buffer.alloc(0);

/** A platform token as relay-protocol 2.2 has it; `undefined` leaves a claim or field out. */
export function platformToken(key: PlatformKey, claims: object, header: object = {}): string {
  const fields = { alg: 'RS256', typ: 'JWT', kid: key.kid, ...header };
  return forge(fields, claims, rsa(key.privateKey));
}
