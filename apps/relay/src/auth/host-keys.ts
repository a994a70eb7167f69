import type { KeyObject } from 'node:crypto';

import { AuthError, JwksFault } from './auth.errors.js';
import type { KeySet } from './jwks-document.js';

/** A set of this age is asked for again before it is used. */
const MAX_AGE_MS = 600_000;
/** From 80 % of that age on, the next call asks for it again without waiting. */
const REFRESH_AHEAD_MS = 480_000;
/** How long a last good set serves while its host is away. */
const OUTAGE_MS = 86_400_000;
/** After a good answer an unknown `kid` is believed for this long: made-up kids cost no calls. */
const COOL_DOWN_MS = 30_000;
/** After a failure the next attempt waits 5 s, doubled with each further one up to 5 min. */
const FIRST_BACK_OFF_MS = 5_000;
const LAST_BACK_OFF_MS = 300_000;

interface Held {
  readonly set: KeySet;
  readonly at: number;
}

interface Failing {
  readonly fault: JwksFault;
  readonly at: number;
  readonly backOff: number;
}

export interface HostKeysOptions {
  readonly read: () => Promise<KeySet>;
  readonly now: () => number;
  readonly onFault: (fault: JwksFault) => void;
}

/** The keys of one allowed host: what is held, how old it is, and when to ask again. */
export class HostKeys {
  readonly #options: HostKeysOptions;
  #held: Held | undefined;
  #failing: Failing | undefined;
  #flight: Promise<void> | undefined;

  constructor(options: HostKeysOptions) {
    this.#options = options;
  }

  /** @throws AuthError `wrong-jwks-host`, `payload-structure` or `unknown-kid` */
  async keyFor(kid: string): Promise<KeyObject> {
    const ready = this.#readyKey(kid);
    if (ready !== undefined) {
      return ready;
    }
    await this.#refresh();
    const key = this.#heldKey(kid);
    if (key === undefined) {
      throw this.#absence();
    }
    return key;
  }

  /** A key that can be used without waiting; asks for a newer set behind it when it is due. */
  #readyKey(kid: string): KeyObject | undefined {
    const age = this.#since(this.#held?.at);
    if (age >= MAX_AGE_MS && this.#failing === undefined) {
      return undefined;
    }
    const key = this.#heldKey(kid);
    if (key !== undefined && age >= REFRESH_AHEAD_MS) {
      void this.#refresh();
    }
    return key;
  }

  #heldKey(kid: string): KeyObject | undefined {
    return this.#since(this.#held?.at) < OUTAGE_MS ? this.#held?.set.keys.get(kid) : undefined;
  }

  /** Ends when the call in flight has ended, or at once when it is too early for another. */
  async #refresh(): Promise<void> {
    if (this.#flight === undefined && this.#mayAsk()) {
      this.#flight = this.#ask().finally(() => {
        this.#flight = undefined;
      });
    }
    await this.#flight;
  }

  #mayAsk(): boolean {
    return this.#failing === undefined
      ? this.#since(this.#held?.at) >= COOL_DOWN_MS
      : this.#since(this.#failing.at) >= this.#failing.backOff;
  }

  /** Never rejects: a failure is kept as state, so that a call in flight needs no listener. */
  async #ask(): Promise<void> {
    const { read, now, onFault } = this.#options;
    try {
      this.#held = { set: await read(), at: now() };
      this.#failing = undefined;
    } catch (error) {
      const fault = asFault(error);
      this.#failing = { fault, at: now(), backOff: this.#nextBackOff() };
      onFault(fault);
    }
  }

  #nextBackOff(): number {
    return this.#failing === undefined
      ? FIRST_BACK_OFF_MS
      : Math.min(this.#failing.backOff * 2, LAST_BACK_OFF_MS);
  }

  /** Why a key is not there: while the host is away nobody knows, so the host is to blame. */
  #absence(): AuthError {
    if (this.#failing !== undefined) {
      const { fault } = this.#failing;
      const reason = fault.code === 'structure' ? 'payload-structure' : 'wrong-jwks-host';
      return AuthError.of('v2', reason, fault);
    }
    const isNameless = this.#held?.set.hasNameless === true;
    return AuthError.of('v2', isNameless ? 'payload-structure' : 'unknown-kid');
  }

  /** The distance, not the difference: a clock set back by hours must not freeze a waiting time. */
  #since(moment: number | undefined): number {
    return moment === undefined ? Infinity : Math.abs(this.#options.now() - moment);
  }
}

function asFault(error: unknown): JwksFault {
  return error instanceof JwksFault
    ? error
    : new JwksFault('unreachable', 'The JWKS could not be read', { cause: error });
}
