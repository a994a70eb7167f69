import type { QuotaCircuit } from '#governor';
import type { CallCause, Ledger, Payer } from '#ledger';

import type { EndpointKind, HaltScope } from './halt.js';
import type { HaltBoard } from './halt-board.js';
import type { RestReason } from './refresh-end.js';

/** What a refresh would cost whom, before it is begun. */
export interface Intent {
  readonly tenant: string;
  readonly kind: EndpointKind;
  readonly cause: CallCause;
  readonly payers: readonly Payer[];
}

/** Why a refresh has to wait, and until when (epoch milliseconds). */
export interface Obstacle {
  readonly reason: RestReason;
  readonly until: number;
}

export type Prospect =
  | { readonly free: true; readonly probes: readonly HaltScope[] }
  | ({ readonly free: false } & Obstacle);

export interface LookAheadParts {
  readonly circuit: Pick<QuotaCircuit, 'openUntil'>;
  readonly ledger: Pick<Ledger, 'refusal'>;
  readonly halts: Pick<HaltBoard, 'admit'>;
  readonly clock: () => number;
}

/** Tells whether a refresh may call upstream, without a call, so that waiting costs nothing. */
export class LookAhead {
  readonly #parts: LookAheadParts;

  constructor(parts: LookAheadParts) {
    this.#parts = parts;
  }

  /** The halts come last: who passes them is the one that tries. */
  async prospect({ kind, ...order }: Intent): Promise<Prospect> {
    const { circuit, ledger, halts, clock } = this.#parts;
    const [openUntil, refusal] = await Promise.all([
      circuit.openUntil(order.tenant),
      ledger.refusal({ ...order, lane: 'background' }),
    ]);
    if (openUntil !== null && openUntil > clock()) {
      return { free: false, reason: 'quota', until: openUntil };
    }
    // An allowance that nobody knows is asked for by the first call that needs it.
    if (refusal !== undefined && refusal.code !== 'quota_unknown') {
      return { free: false, reason: refusal.code, until: refusal.retryAt };
    }
    const admission = await halts.admit(order.tenant, kind);
    return admission.admitted
      ? { free: true, probes: admission.probes }
      : { free: false, reason: admission.halt.reason, until: admission.halt.retryAt };
  }
}
