import { createHmac } from 'node:crypto';

import { LRUCache } from 'lru-cache';

/**
 * The digest's key where the operator sets none. It keeps a tenant the same over all processes;
 * what protects the API key is then only its own length and randomness.
 */
const PUBLIC_KEY = 'securitytrails-relay/tenant';
const LENGTH = 32;
const REMEMBERED = 1_000;

/** Names a customer without telling the API key: HMAC-SHA256, 128 bits of it, in hex. */
export class TenantDigest {
  readonly #digestKey: string;
  readonly #known = new LRUCache<string, string>({ max: REMEMBERED });

  /** @param digestKey the same in every process that shares a cache; '' counts as none. */
  constructor(digestKey?: string) {
    this.#digestKey = digestKey === undefined || digestKey === '' ? PUBLIC_KEY : digestKey;
  }

  /** The tenant of an API key: 32 lower-case hex characters. */
  of(apiKey: string): string {
    const known = this.#known.get(apiKey);
    if (known !== undefined) {
      return known;
    }
    const digest = createHmac('sha256', this.#digestKey).update(apiKey).digest('hex');
    const tenant = digest.slice(0, LENGTH);
    this.#known.set(apiKey, tenant);
    return tenant;
  }
}
