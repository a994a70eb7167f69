import { createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

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
/** An entry of a key set as a key with its `kid`; undefined when it is not one that is looked for. */
export type JwkReader = (
  entry: unknown,
) => { readonly kid: string; readonly key: KeyObject } | undefined;

const RS256_ENTRY = z.object({
  kid: z.string(),
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  alg: z.literal('RS256').optional(),
  use: z.string().optional(),
});

const ES256_ENTRY = z.object({
  kid: z.string(),
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  alg: z.literal('ES256').optional(),
  use: z.string().optional(),
});

/**
 * Reads a key set (RFC 7517). Entries that cannot verify, by default RS256, are passed over: weak, of
 * another type or algorithm, or for encryption. Of two entries with one `kid` the first counts.
 *
 * @throws JwksFault `unreachable` for what is not JSON or holds over 20 keys, `structure` for JSON
 *   without a list `keys`, or when not one of its entries has a `kid`.
 */
export function readKeySet(text: string, readJwk: JwkReader = rs256Key): KeySet {
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
  return { keys: signingKeys(named, readJwk), hasNameless: named.length < entries.length };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which is not ours to repeat.
    throw new JwksFault('unreachable', 'The JWKS is not JSON');
  }
}

function signingKeys(
  entries: readonly unknown[],
  readJwk: JwkReader,
): ReadonlyMap<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const entry of entries) {
    const { kid, key } = readJwk(entry) ?? {};
    if (kid !== undefined && key !== undefined && !keys.has(kid)) {
      keys.set(kid, key);
    }
  }
  return keys;
}

/** An RSA key that verifies RS256, of 2048 bits or more. */
export const rs256Key: JwkReader = (entry) => {
  const { data } = RS256_ENTRY.safeParse(entry);
  if (data === undefined || data.use === 'enc') {
    return undefined;
  }
  const key = publicKey({ kty: 'RSA', n: data.n, e: data.e });
  const { modulusLength = 0, publicExponent = 0n } = key?.asymmetricKeyDetails ?? {};
  return key !== undefined && modulusLength >= LEAST_BITS && publicExponent > 1n
    ? { kid: data.kid, key }
    : undefined;
};

/** A key on P-256 that verifies ES256. */
export const es256Key: JwkReader = (entry) => {
  const { data } = ES256_ENTRY.safeParse(entry);
  if (data === undefined || data.use === 'enc') {
    return undefined;
  }
  const key = publicKey({ kty: 'EC', crv: data.crv, x: data.x, y: data.y });
  return key && { kid: data.kid, key };
};

function publicKey(key: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return undefined;
  }
}
