import type { Governor } from '#governor';
import type { CallOutcome, Usage } from '#securitytrails';
import { LRUCache } from 'lru-cache';

/** Between two looks at the usage of one key; each may cost a query (securitytrails-api 1.4). */
const LOOK_EVERY_MS = 60_000;
/** So many throttles in a row, whatever they say, may be the quota (securitytrails-api 1.6). */
const SUSPICIOUS_THROTTLES = 3;
const MOST_TENANTS = 10_000;

/** Decides when to ask upstream for the usage of a key, and what its answer means for the circuit. */
export class QuotaWatch {
  readonly #governor: Governor;
  readonly #clock: () => number;
  readonly #throttles = new LRUCache<string, number>({ max: MOST_TENANTS });
  readonly #lookedAt = new LRUCache<string, number>({ max: MOST_TENANTS });

  constructor(governor: Governor, clock: () => number) {
    this.#governor = governor;
    this.#clock = clock;
  }

  /** Takes note of a call's outcome; true when throttles have become too many in a row. */
  suspects(tenant: string, outcome: CallOutcome): boolean {
    if (outcome.quotaExhausted === true) {
      // Just said: asking for the usage now would only spend another query.
      this.#lookedAt.set(tenant, this.#clock());
    }
    if (outcome.throttle === undefined) {
      this.#throttles.delete(tenant);
      return false;
    }
    const inARow = (this.#throttles.get(tenant) ?? 0) + 1;
    this.#throttles.set(tenant, inARow);
    return inARow >= SUSPICIOUS_THROTTLES;
  }

  /** Whether the usage may be asked for now; asking is noted. */
  mayAsk(tenant: string): boolean {
    const now = this.#clock();
    if (now - (this.#lookedAt.get(tenant) ?? -Infinity) < LOOK_EVERY_MS) {
      return false;
    }
    this.#lookedAt.set(tenant, now);
    return true;
  }

  /** Opens or closes the circuit as upstream's own count says. */
  async learn(tenant: string, { used, allowed }: Usage): Promise<void> {
    // An account that shows no allowance at all does not say that it is used up.
    await (allowed > 0 && used >= allowed
      ? this.#governor.quotaExhausted(tenant)
      : this.#governor.quotaRestored(tenant));
  }
}
