import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { AuthError, AuthReason } from './auth.errors.js';
import type { Caller } from './caller.js';
import type { Validity } from './validity.js';

const MOST_ACCEPTED = 10_000;
const MOST_REFUSED = 1_000;

/** So that a withdrawn key stops working although its tokens never expire: a key set's own age. */
const ACCEPTED_FOR_MS = 600_000;
/** Long enough to make a flood of one bad token cheap, too short to outlive a repaired set-up. */
const REFUSED_FOR_MS = 10_000;

/**
 * Refusals that cost a signature check and that the same token earns again. What a moment decides
 * is left out: an unreachable key set, a kid not published yet, a token that is not valid yet.
 */
const LASTING: ReadonlySet<AuthReason> = new Set([
  'bad-signature',
  'wrong-audience',
  'expired',
  'null-page-number',
] as const);

interface Accepted {
  readonly caller: Caller;
  readonly validity: Validity;
}

interface Refused {
  readonly error: AuthError;
  readonly until: number;
}

/**
 * Tokens that were verified a short while ago, by digest: neither map holds a token. A digest
 * covers the whole token, signature included, so two tokens never answer for each other.
 */
export class TokenMemory {
  readonly #accepted = new LRUCache<string, Accepted>({ max: MOST_ACCEPTED });
  readonly #refused = new LRUCache<string, Refused>({ max: MOST_REFUSED });

  constructor(
    private readonly policyId: string,
    private readonly now: () => number,
  ) {}

  /** What the token is remembered by: its digest under this policy. */
  keyOf(token: string): string {
    return this.policyId + hash('sha256', token, 'base64url');
  }

  /**
   * The caller of a token that was accepted and is still valid at this moment.
   *
   * @throws AuthError the refusal that the token met less than ten seconds ago.
   */
  recall(key: string): Caller | undefined {
    const now = this.now();
    const accepted = this.#accepted.get(key);
    if (accepted !== undefined) {
      const { from, until } = accepted.validity;
      return now >= from && now < until ? accepted.caller : undefined;
    }
    const refused = this.#refused.get(key);
    if (refused !== undefined && now < refused.until) {
      throw refused.error;
    }
    return undefined;
  }

  accept(key: string, caller: Caller, { from, until }: Validity): void {
    const validity = { from, until: Math.min(until, this.now() + ACCEPTED_FOR_MS) };
    this.#accepted.set(key, { caller, validity });
  }

  refuse(key: string, error: AuthError): void {
    this.#accepted.delete(key);
    if (LASTING.has(error.reason)) {
      this.#refused.set(key, { error, until: this.now() + REFUSED_FOR_MS });
    }
  }
}
