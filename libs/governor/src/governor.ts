import { setTimeout as pause } from 'node:timers/promises';

import PQueue from 'p-queue';

import { GovernorError } from './errors.js';
import type { Lane, Pacer } from './pacer.port.js';
import type { QuotaCircuit } from './quota-circuit.port.js';

/** Upstream's word is not taken for more: a wrong Retry-After must not silence a key for days. */
const LONGEST_PENALTY_MS = 60_000;

/** A request to call upstream once. */
export interface Admission {
  readonly tenant: string;
  readonly lane: Lane;
  /** Gives the place in the line up. */
  readonly signal?: AbortSignal;
}

export interface GovernorOptions {
  readonly pacer: Pacer;
  readonly circuit: QuotaCircuit;
  readonly clock: () => number;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Decides when a call to SecurityTrails may be made: within the rate of its API key over all
 * processes, analysts before background, and not at all while the month's quota is used up.
 */
export class Governor {
  readonly #options: GovernorOptions;
  /** One line a tenant and lane in this process, so that only its head asks the pacer. */
  readonly #lines = new Map<string, PQueue>();

  readonly #openUntil = new Map<string, number>();

  constructor(options: GovernorOptions) {
    this.#options = options;
  }

  /** API keys whose quota this process last saw used up. */
  get quotasUsedUp(): number {
    const now = this.#options.clock();
    return [...this.#openUntil.values()].filter((until) => until > now).length;
  }

  /** Calls that wait for their turn in this process. */
  get waiting(): number {
    let waiting = 0;
    for (const line of this.#lines.values()) {
      waiting += line.size + line.pending;
    }
    return waiting;
  }

  /**
   * Resolves when the call may be made.
   *
   * @throws GovernorError `quota_exhausted` while the circuit is open, `abandoned` when the signal
   *   fires first.
   */
  async enter(admission: Admission): Promise<void> {
    await this.#requireQuota(admission.tenant);
    const line = this.#line(`${admission.lane}:${admission.tenant}`);
    try {
      await line.add(() => this.#takeTurn(admission), lineOptions(admission.signal));
    } catch (error) {
      throw admission.signal?.aborted === true ? abandoned() : error;
    }
  }

  /** Upstream throttled: nobody calls for so long, a minute at most. */
  async throttled(tenant: string, waitMs: number): Promise<void> {
    const penalty = Math.min(waitMs, LONGEST_PENALTY_MS);
    await this.#options.pacer.penalise(tenant, penalty).catch(this.#options.onTrouble);
  }

  /** Upstream says that the month's quota is used up: no call until the month ends (UTC). */
  async quotaExhausted(tenant: string): Promise<void> {
    const until = nextMonth(this.#options.clock());
    this.#seen(tenant, until);
    await this.#options.circuit.open(tenant, until).catch(this.#options.onTrouble);
  }

  /** Upstream's usage says that there is quota again. */
  async quotaRestored(tenant: string): Promise<void> {
    this.#seen(tenant, null);
    await this.#options.circuit.close(tenant).catch(this.#options.onTrouble);
  }

  /** Until when the quota circuit of a tenant is open, or null. */
  quotaOpenUntil(tenant: string): Promise<number | null> {
    return this.#options.circuit.openUntil(tenant);
  }

  #line(name: string): PQueue {
    const known = this.#lines.get(name);
    if (known !== undefined) {
      return known;
    }
    const line = new PQueue({ concurrency: 1 });
    // Only then is it empty: a call's own end comes before the line has counted it out.
    line.addEventListener('idle', () => this.#lines.delete(name));
    this.#lines.set(name, line);
    return line;
  }

  #seen(tenant: string, openUntil: number | null): void {
    if (openUntil === null) {
      this.#openUntil.delete(tenant);
    } else {
      this.#openUntil.set(tenant, openUntil);
    }
  }

  async #requireQuota(tenant: string): Promise<void> {
    const until = await this.#options.circuit.openUntil(tenant);
    this.#seen(tenant, until);
    if (until !== null) {
      throw new GovernorError('quota_exhausted', 'The monthly quota is used up', until);
    }
  }

  async #takeTurn({ tenant, lane, signal }: Admission): Promise<void> {
    for (;;) {
      if (signal?.aborted === true) {
        throw abandoned();
      }
      const wait = await this.#options.pacer.tryTake(tenant, lane);
      if (wait === 0) {
        // The quota may have ended while this call stood in line.
        await this.#requireQuota(tenant);
        return;
      }
      await pause(wait, undefined, signal === undefined ? {} : { signal });
    }
  }
}

function abandoned(): GovernorError {
  return new GovernorError('abandoned', 'The caller gave up its place in the line');
}

function lineOptions(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function nextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
