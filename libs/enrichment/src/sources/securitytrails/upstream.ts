import type { Governor } from '#governor';
import { GovernorError } from '#governor';
import type {
  CallGate,
  CallOutcome,
  SecurityTrailsClient,
  SecurityTrailsSession,
  UpstreamCall,
} from '#securitytrails';

import type { AskLane, Caller } from '../../enrichment-source.port.js';
import { NothingKnownAnswer } from '../../nothing-known.js';
import { EnrichmentFailure } from '../../problem.js';
import { translated } from './problems.js';
import { QuotaWatch } from './quota-watch.js';

/** One upstream call that was made, for metrics and logs. */
export interface MadeCall {
  readonly endpoint: string;
  readonly lane: AskLane;
  readonly outcome: CallOutcome;
}

export interface UpstreamParts {
  readonly client: SecurityTrailsClient;
  readonly governor: Governor;
  readonly clock: () => number;
  readonly onCall: (call: MadeCall) => void;
}

/** Pause after a throttle when upstream names none (securitytrails-api 1.3). */
const THROTTLE_PAUSE_MS = 1_000;

/** SecurityTrails through the governor: every call waits for its turn and is reported. */
export class SecurityTrailsUpstream {
  readonly #parts: UpstreamParts;
  readonly #quotaWatch: QuotaWatch;

  constructor(parts: UpstreamParts) {
    this.#parts = parts;
    this.#quotaWatch = new QuotaWatch(parts.governor, parts.clock);
  }

  /**
   * Asks on behalf of a caller.
   *
   * @throws EnrichmentFailure; NothingKnownAnswer for an answer that says so by its status.
   */
  async ask<T>(
    caller: Caller,
    lane: AskLane,
    work: (session: SecurityTrailsSession) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(this.#session(caller, this.#gate(caller, lane)));
    } catch (error) {
      if (error instanceof GovernorError && error.code === 'quota_exhausted') {
        this.#askUsage(caller, lane);
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
      await this.ask(caller, 'interactive', (session) => session.ping());
    } catch (error) {
      throw error instanceof NothingKnownAnswer
        ? new EnrichmentFailure({ code: 'unexpected_status', text: error.text }, { cause: error })
        : error;
    }
  }

  #session({ apiKey }: Caller, gate: CallGate): SecurityTrailsSession {
    return this.#parts.client.session({ apiKey, gate });
  }

  #gate(caller: Caller, lane: AskLane): CallGate {
    return {
      enter: () => this.#enter(caller, lane),
      leave: (call, outcome) => {
        this.#report(caller, lane, call, outcome);
      },
    };
  }

  /** An analyst who was answered at the deadline no longer keeps others waiting. */
  async #enter({ tenant, patience }: Caller, lane: AskLane): Promise<void> {
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

  #report(caller: Caller, lane: AskLane, call: UpstreamCall, outcome: CallOutcome): void {
    const { governor, onCall } = this.#parts;
    onCall({ endpoint: call.endpoint, lane, outcome });
    if (outcome.quotaExhausted === true) {
      void governor.quotaExhausted(caller.tenant);
    } else if (outcome.throttle !== undefined) {
      void governor.throttled(caller.tenant, outcome.throttle.waitMs ?? THROTTLE_PAUSE_MS);
    }
    if (this.#quotaWatch.suspects(caller.tenant, outcome)) {
      this.#askUsage(caller, lane);
    }
  }

  /** Lets upstream say in the background whether the quota is used up. Past the circuit, once a minute. */
  #askUsage(caller: Caller, lane: AskLane): void {
    if (!this.#quotaWatch.mayAsk(caller.tenant)) {
      return;
    }
    const gate: CallGate = {
      enter: () => Promise.resolve(),
      leave: (call, outcome) => {
        this.#parts.onCall({ endpoint: call.endpoint, lane, outcome });
      },
    };
    this.#session(caller, gate)
      .usage()
      .then(
        (usage) => this.#quotaWatch.learn(caller.tenant, usage),
        () => {
          // No word on the usage: the circuit stays as it is until the next look.
        },
      );
  }
}
