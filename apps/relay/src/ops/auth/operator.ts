import type { Claims } from '../../auth/bearer-token.js';

/** What operators may do, least first: each may what those before it may. */
export const ROLES = ['VIEWER', 'OPERATOR', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/** Who uses the API, as the verified token says. */
export interface Operator {
  /** `sub`: what is written down as the actor. */
  readonly subject: string;
  /** `name`, where the token has one. */
  readonly name: string | null;
  readonly role: Role;
  /** When the token ends, epoch milliseconds, leeway included. */
  readonly until: number;
}

/** Whether a role is enough for what needs another. */
export function mayDo(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/**
 * The role in a token's claims: a text, or a list of texts of which the highest role counts. No other
 * text is a role, whatever its case.
 *
 * @param path the claim's own name, or a dotted path to it.
 */
export function roleIn(claims: Claims, path: string): Role | undefined {
  const claim = claimAt(claims, path);
  const given: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return ROLES.findLast((role) => given.includes(role));
}

/** Names such as `https://id.example.com/role` hold dots and are no path. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) {
    return claims[path];
  }
  let at: unknown = claims;
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) {
      return undefined;
    }
    at = (at as Claims)[step];
  }
  return at;
}
