import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { z } from 'zod';

import { JwksFault } from './auth.errors.js';

/** The usable keys of one key set. */
export interface KeySet {
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Some entry has no `kid`: a key that is not found may be that one (relay-protocol 2.2, row 9). */
  readonly hasNameless: boolean;
}

const MOST_KEYS = 20;
/** RFC 7518 3.3: RS256 takes keys of 2048 bits or more. */
const LEAST_BITS = 2_048;

const DOCUMENT = z.object({ keys: z.array(z.unknown()) });
const NAMED = z.object({ kid: z.string() });
const SIGNING_KEY = z.object({
  kid: z.string(),
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  alg: z.literal('RS256').optional(),
  use: z.string().optional(),
});

/**
 * Reads a key set (RFC 7517). Entries that cannot verify RS256 are passed over: weak, of another
 * type or algorithm, or for encryption. Of two entries with one `kid` the first counts.
 *
 * @throws JwksFault `unreachable` for what is not JSON or holds over 20 keys, `structure` for JSON
 *   without a list `keys`, or when not one of its entries has a `kid`.
 */
export function readKeySet(text: string): KeySet {
  const document = DOCUMENT.safeParse(parseJson(text));
  if (!document.success) {
    throw new JwksFault('structure', 'The JWKS has no list of keys');
  }
  const entries = document.data.keys;
  if (entries.length > MOST_KEYS) {
    throw new JwksFault('unreachable', `The JWKS has more than ${MOST_KEYS} keys`);
  }
  const named = entries.filter((entry) => NAMED.safeParse(entry).success);
  if (named.length === 0 && entries.length > 0) {
    throw new JwksFault('structure', 'No entry of the JWKS has a kid');
  }
  return { keys: signingKeys(named), hasNameless: named.length < entries.length };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which is not ours to repeat.
    throw new JwksFault('unreachable', 'The JWKS is not JSON');
  }
}

function signingKeys(entries: readonly unknown[]): ReadonlyMap<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const entry of entries) {
    const jwk = SIGNING_KEY.safeParse(entry);
    if (jwk.success && jwk.data.use !== 'enc' && !keys.has(jwk.data.kid)) {
      const key = publicKey(jwk.data.n, jwk.data.e);
      if (key !== undefined) {
        keys.set(jwk.data.kid, key);
      }
    }
  }
  return keys;
}

function publicKey(n: string, e: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
    return modulusLength >= LEAST_BITS && publicExponent > 1n ? key : undefined;
  } catch {
    return undefined;
  }
}
