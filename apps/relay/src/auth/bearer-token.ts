import type { AuthPolicy } from './auth-policy.js';
import { AuthError } from './auth.errors.js';
import type { AuthMode } from './auth.errors.js';
import { validityOf } from './validity.js';
import type { Validity } from './validity.js';

/** What a token says of itself, before or after somebody verified it. */
export type Claims = Readonly<Record<string, unknown>>;

/** A token as read from the header: well-formed and of the right algorithm, but NOT verified. */
export interface BearerToken {
  readonly text: string;
  readonly mode: AuthMode;
  readonly kid: unknown;
  readonly claims: Claims;
  readonly validity: Validity;
}

/** Longest token looked at, in characters: ten times what the platform sends. */
export const MAX_TOKEN_LENGTH = 8_192;
const USUAL_SCHEME = 'Bearer ';
const COMPACT_JWS = /^([\w-]+)\.([\w-]+)\.[\w-]*$/;

/**
 * Header fields that bring or fetch a key of the sender's choosing, or change what is signed
 * (RFC 8725 3.10, RFC 7797). Nothing here needs them, so their presence is a fault.
 */
const REFUSED_FIELDS = ['crit', 'b64', 'jku', 'jwk', 'x5u', 'x5c'];

/**
 * The token text of an Authorization header; the scheme may be in any letter case.
 *
 * @throws AuthError `missing-header`, `wrong-scheme`, or `token-structure` for any other number of
 *   words than two and for a token over 8192 characters (relay-protocol 2.2, rows 1 to 3).
 */
export function tokenText(header: string | undefined, policy: AuthPolicy): string {
  if (header === undefined) {
    throw AuthError.of(policy.defaultMode, 'missing-header');
  }
  const usual = header.startsWith(USUAL_SCHEME) && !/\s/.test(header.slice(USUAL_SCHEME.length));
  const text = usual ? header.slice(USUAL_SCHEME.length) : textOfUnusual(header, policy);
  if (text.length === 0 || text.length > MAX_TOKEN_LENGTH) {
    throw AuthError.of(policy.defaultMode, 'token-structure');
  }
  return text;
}

function textOfUnusual(header: string, policy: AuthPolicy): string {
  const [scheme, text, ...rest] = header.trim().split(/\s+/);
  if (scheme === undefined || text === undefined || rest.length > 0) {
    throw AuthError.of(policy.defaultMode, 'token-structure');
  }
  if (scheme.toLowerCase() !== 'bearer') {
    throw AuthError.of(policy.defaultMode, 'wrong-scheme');
  }
  return text;
}

/**
 * Reads a token without verifying it, and refuses what no key could make good, cheapest first.
 *
 * @throws AuthError `token-structure`, `wrong-algorithm`, `missing-secret`, or `payload-structure`
 *   for dates that are no numbers.
 */
export function readToken(text: string, policy: AuthPolicy): BearerToken {
  const token = decodeToken(text);
  if (token === undefined) {
    throw AuthError.of(policy.defaultMode, 'token-structure');
  }
  const { alg, header, claims } = token;
  const mode = policy.modeFor(alg);
  if (bringsKey(header)) {
    throw AuthError.of(mode, 'token-structure');
  }
  return { text, mode, kid: header['kid'], claims, validity: validityOf(claims, mode) };
}

/** The parts of a compact token, NOT verified; undefined for a text that is none. */
export function decodeToken(
  text: string,
): { readonly alg: string; readonly header: Claims; readonly claims: Claims } | undefined {
  const [, encodedHeader, encodedClaims] = COMPACT_JWS.exec(text) ?? [];
  const header = decode(encodedHeader);
  const claims = decode(encodedClaims);
  const alg = header?.['alg'];
  return header === undefined || claims === undefined || typeof alg !== 'string'
    ? undefined
    : { alg, header, claims };
}

/** Whether a header brings or fetches a key of the sender's choosing, or changes what is signed. */
export function bringsKey(header: Claims): boolean {
  return REFUSED_FIELDS.some((field) => field in header);
}

function decode(part: string | undefined): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
