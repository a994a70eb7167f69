import type { Governor } from '#governor';
import { GovernorError } from '#governor';
import type { Booking, CallCause, CallOrder, Ledger } from '#ledger';
import { LedgerRefusal } from '#ledger';
import type { CanonicalObservable } from '#observables';
import type {
  CallGate,
  CallOutcome,
  CallPass,
  EndpointName,
  SecurityTrailsClient,
  SecurityTrailsSession,
} from '#securitytrails';
import { BadKeyError, NotFoundError, PlanError, UnencodableKeyError } from '#securitytrails';

import type { AskLane, Caller } from '../../enrichment-source.port.js';
import { NothingKnownAnswer } from '../../nothing-known.js';
import { EnrichmentFailure } from '../../problem.js';
import { callResultOf } from './call-result.js';
import { translated } from './problems.js';
import { QuotaWatch } from './quota-watch.js';

/** One upstream call that was made, for metrics and logs. */
export interface MadeCall {
  readonly endpoint: string;
  readonly lane: AskLane;
  readonly cause: CallCause;
  readonly outcome: CallOutcome;
}

export interface UpstreamParts {
  readonly client: SecurityTrailsClient;
  readonly governor: Governor;
  readonly ledger: Ledger;
  readonly clock: () => number;
  readonly onCall: (call: MadeCall) => void;
}

/** Who asks, how urgently, and about what. */
export interface Inquiry {
  readonly caller: Caller;
  readonly lane: AskLane;
  readonly observable?: CanonicalObservable;
}

/** Pause after a throttle when upstream names none (securitytrails-api 1.3). */
const THROTTLE_PAUSE_MS = 1_000;
/** Calls about the account or the service itself, whoever causes them. */
const HEALTH_ENDPOINTS: ReadonlySet<EndpointName> = new Set(['ping', 'usage']);

/** SecurityTrails through the governor: every call waits for its turn, is booked, and is reported. */
export class SecurityTrailsUpstream {
  readonly #parts: UpstreamParts;
  readonly #quotaWatch: QuotaWatch;
  /** Calls that have ended, and whose end is not booked yet. */
  readonly #closing = new Set<Promise<void>>();
  /** Readings of the usage under way here, by tenant. */
  readonly #readings = new Map<string, Promise<void>>();

  constructor(parts: UpstreamParts) {
    this.#parts = parts;
    this.#quotaWatch = new QuotaWatch(parts.governor, parts.clock);
  }

  /**
   * Asks on behalf of a caller.
   *
   * @throws EnrichmentFailure; NothingKnownAnswer for an answer that says so by its status.
   */
  async ask<T>(inquiry: Inquiry, work: (session: SecurityTrailsSession) => Promise<T>): Promise<T> {
    try {
      return await work(this.#session(inquiry.caller, this.#gate(inquiry)));
    } catch (error) {
      if (error instanceof GovernorError && error.code === 'quota_exhausted') {
        this.#askWhetherUsedUp(inquiry.caller);
      }
      throw translated(error);
    }
  }

  /**
   * Whether upstream answers and takes the caller's key. "Nothing known" is no answer to that.
   *
   * @throws EnrichmentFailure
   */
  async ping(caller: Caller): Promise<void> {
    try {
      await this.ask({ caller, lane: 'interactive' }, (session) => session.ping());
    } catch (error) {
      throw error instanceof NothingKnownAnswer
        ? new EnrichmentFailure({ code: 'unexpected_status', text: error.text }, { cause: error })
        : error;
    }
  }

  /**
   * Asks upstream for its own count of the month's calls, if the ledger wants it now. That also ends
   * a rest for want of quota which no call would end, since none is tried.
   */
  async readUsageIfWanted(caller: Caller): Promise<void> {
    const { governor, ledger } = this.#parts;
    const isUsedUp = (await governor.quotaOpenUntil(caller.tenant)) !== null;
    if (await ledger.usageWanted(caller.tenant, isUsedUp)) {
      await this.#readUsage(caller).catch(() => undefined);
    }
  }

  /** Resolves when the ends of all calls made so far are booked. */
  async idle(): Promise<void> {
    await Promise.all(this.#closing);
  }

  #session({ apiKey }: Caller, gate: CallGate): SecurityTrailsSession {
    return this.#parts.client.session({ apiKey, gate });
  }

  #gate(inquiry: Inquiry): CallGate {
    return {
      enter: async ({ endpoint }) => {
        await this.#takeTurn(inquiry);
        const order = orderOf(inquiry, endpoint);
        return this.#pass(await this.#book(inquiry, order), order, (outcome) => {
          this.#heed(inquiry.caller, outcome);
        });
      },
    };
  }

  /** An analyst who was answered at the deadline no longer keeps others waiting. */
  async #takeTurn({ caller: { tenant, patience }, lane }: Inquiry): Promise<void> {
    const { governor } = this.#parts;
    if (lane === 'background' || patience === undefined) {
      return governor.enter({ tenant, lane });
    }
    try {
      await governor.enter({ tenant, lane, signal: patience });
    } catch (error) {
      if (!(error instanceof GovernorError) || error.code !== 'abandoned') {
        throw error;
      }
      await governor.enter({ tenant, lane: 'background' });
    }
  }

  /** Nobody can tell what background calls may still cost before upstream's own count was read. */
  async #book(inquiry: Inquiry, order: CallOrder): Promise<Booking> {
    const { ledger } = this.#parts;
    try {
      return await ledger.book(order);
    } catch (error) {
      const unread = error instanceof LedgerRefusal && error.code === 'quota_unknown';
      if (!unread || !(await this.#learnAllowance(inquiry.caller))) {
        throw error;
      }
      return ledger.book(order);
    }
  }

  /** False when another process is about it, or nobody is to ask yet. */
  async #learnAllowance(caller: Caller): Promise<boolean> {
    const { tenant } = caller;
    const wanted = await this.#parts.ledger.usageWanted(tenant);
    // Of two calls that begin together one asks, and both go on.
    const reading = wanted ? this.#readUsage(caller) : this.#readings.get(tenant);
    await reading;
    return reading !== undefined;
  }

  #pass(booking: Booking, { endpoint, lane, cause }: CallOrder, told: Told): CallPass {
    return {
      requestId: booking.id,
      leave: (outcome) => {
        const closing = this.#parts.ledger.close(booking, callResultOf(outcome)).finally(() => {
          this.#closing.delete(closing);
        });
        this.#closing.add(closing);
        this.#parts.onCall({ endpoint, lane, cause, outcome });
        told(outcome);
      },
    };
  }

  #heed(caller: Caller, outcome: CallOutcome): void {
    const { governor } = this.#parts;
    const { tenant } = caller;
    if (outcome.quotaExhausted === true) {
      void governor.quotaExhausted(tenant);
    } else if (outcome.throttle !== undefined) {
      void governor.throttled(tenant, outcome.throttle.waitMs ?? THROTTLE_PAUSE_MS);
    }
    if (this.#quotaWatch.suspects(tenant, outcome)) {
      this.#askWhetherUsedUp(caller);
    }
  }

  /** Lets upstream say in the background whether the quota is used up; once a minute. */
  #askWhetherUsedUp(caller: Caller): void {
    if (this.#quotaWatch.mayAsk(caller.tenant)) {
      this.#readUsage(caller).catch(() => {
        // No word on the usage: the circuit stays as it is until the next look.
      });
    }
  }

  #readUsage(caller: Caller): Promise<void> {
    const reading = this.#askUsage(caller).finally(() => {
      this.#readings.delete(caller.tenant);
    });
    this.#readings.set(caller.tenant, reading);
    return reading;
  }

  /**
   * Past pace and circuit, since its answer may open that circuit; nobody's reserve or budget keeps
   * the account's own affair from being asked.
   *
   * @throws only when it says that the key is no good.
   */
  async #askUsage(caller: Caller): Promise<void> {
    const { ledger } = this.#parts;
    const gate: CallGate = {
      enter: async ({ endpoint }) => {
        const order = orderOf({ caller, lane: 'interactive' }, endpoint);
        return this.#pass(await ledger.book(order), order, () => undefined);
      },
    };
    try {
      const usage = await this.#session(caller, gate).usage();
      await ledger.learnUsage(caller.tenant, usage.allowed > 0 ? usage : 'untold');
      await this.#quotaWatch.learn(caller.tenant, usage);
    } catch (error) {
      await ledger.learnUsage(caller.tenant, tellsNone(error) ? 'untold' : 'failed');
      if (error instanceof BadKeyError || error instanceof UnencodableKeyError) {
        throw error;
      }
    }
  }
}

type Told = (outcome: CallOutcome) => void;

/** The account is there, but its plan does not let it see its own usage. */
function tellsNone(error: unknown): boolean {
  return error instanceof PlanError || error instanceof NotFoundError;
}

function orderOf({ caller, lane, observable }: Inquiry, endpoint: EndpointName): CallOrder {
  const health = HEALTH_ENDPOINTS.has(endpoint);
  return {
    tenant: caller.tenant,
    cause: health ? 'HEALTH' : (caller.errand?.cause ?? 'OBSERVE'),
    lane,
    endpoint,
    payers: health ? [] : (caller.errand?.payers ?? []),
    ...(observable !== undefined && { observable }),
  };
}
