import type { KeyObject } from 'node:crypto';

import { AuthError } from './auth.errors.js';
import type { JwksFault } from './auth.errors.js';
import { HostKeys } from './host-keys.js';
import { jwksUrls } from './jwks-hosts.js';
import { httpJwksReader } from './jwks-reader.js';

/** Limit of one key set call, body included. */
const TIMEOUT_MS = 5_000;

export interface JwksClientOptions {
  /** The allow-list, `host[:port]` each; everything else is refused without a call. */
  readonly hosts: readonly string[];
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly timeoutMs?: number | undefined;
  /** Told of each failed call, for the operator's log; holds no secret. Must not throw. */
  readonly onFault?: ((host: string, fault: JwksFault) => void) | undefined;
}

/** The platform's public keys, by the `jwks_host` and `kid` of a token (relay-protocol 2.2). */
export class JwksClient {
  readonly #hosts: ReadonlyMap<string, HostKeys>;

  /** @throws TypeError when an entry of `hosts` is not `host[:port]` */
  constructor({ hosts, fetch, now, timeoutMs = TIMEOUT_MS, onFault }: JwksClientOptions) {
    const read = httpJwksReader(fetch, timeoutMs);
    this.#hosts = new Map(
      [...jwksUrls(hosts)].map(([host, url]) => [
        host,
        new HostKeys({ read: () => read(url), now, onFault: (fault) => onFault?.(host, fault) }),
      ]),
    );
  }

  /**
   * The key that a token says it was signed with. Held keys answer without a call; at most one call
   * to a host is under way at a time.
   *
   * @throws AuthError `wrong-jwks-host` when the host is not allowed or cannot be read,
   *   `payload-structure` when its answer is no key set, `unknown-kid` when it has no such key.
   */
  async keyFor(host: string, kid: string): Promise<KeyObject> {
    const keys = this.#hosts.get(asciiLowerCase(host));
    if (keys === undefined) {
      throw AuthError.of('v2', 'wrong-jwks-host');
    }
    return keys.keyFor(kid);
  }
}

/** Full lower-casing would turn a Kelvin sign into a k, and one host's name into another's. */
function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
