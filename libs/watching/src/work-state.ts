import type { QuotaCircuit } from '#governor';
import type { Ledger } from '#ledger';

import type { Halt } from './halt.js';
import type { HaltBoard } from './halt-board.js';
import type { RestReason } from './refresh-end.js';

/** Why all work of a key rests, since when and until when (epoch milliseconds). */
export interface Rest {
  readonly reason: RestReason;
  readonly since: number;
  /** When it is tried again; null when nobody knows. */
  readonly until: number | null;
}

/** Whether refreshes are done at all, in one clear state for the operator. */
export interface Work {
  readonly state: 'RUNNING' | 'RESTING';
  /** Null while it runs. */
  readonly rest: Rest | null;
  /** What upstream refuses; may concern one kind of endpoint only, while the rest runs. */
  readonly halts: readonly Halt[];
}

/** Where the processes remember since when work rests. */
export interface RestNotes {
  read(tenant: string): Promise<Pick<Rest, 'reason' | 'since'> | undefined>;
  write(tenant: string, note: Pick<Rest, 'reason' | 'since'> | undefined): Promise<void>;
}

export interface WorkStateParts {
  readonly circuit: Pick<QuotaCircuit, 'openUntil'>;
  readonly ledger: Pick<Ledger, 'refusal'>;
  readonly halts: Pick<HaltBoard, 'halts'>;
  readonly notes: RestNotes;
  readonly clock: () => number;
}

/** Tells whether work rests; the ticker and the operator ask the same. */
export class WorkState {
  readonly #parts: WorkStateParts;

  constructor(parts: WorkStateParts) {
    this.#parts = parts;
  }

  async read(tenant: string): Promise<Work> {
    const [halts, cause, note] = await this.#look(tenant);
    if (cause === undefined) {
      return { state: 'RUNNING', rest: null, halts };
    }
    const since = cause.since ?? (note?.reason === cause.reason ? note.since : this.#parts.clock());
    return { state: 'RESTING', rest: { ...cause, since }, halts };
  }

  /** Reads, and remembers since when it rests. */
  async follow(tenant: string): Promise<Work> {
    const work = await this.read(tenant);
    const note = await this.#parts.notes.read(tenant);
    if (note?.reason !== work.rest?.reason) {
      await this.#parts.notes.write(tenant, work.rest ?? undefined);
    }
    return work;
  }

  async #look(tenant: string) {
    const { circuit, ledger, halts, notes } = this.#parts;
    const order = { tenant, cause: 'REFRESH', lane: 'background', payers: [] } as const;
    const [held, openUntil, refusal, note] = await Promise.all([
      halts.halts(tenant),
      circuit.openUntil(tenant),
      ledger.refusal(order),
      notes.read(tenant),
    ]);
    const now = this.#parts.clock();
    const cause =
      haltOfAll(held) ??
      (openUntil !== null && openUntil > now
        ? { reason: 'quota' as const, until: openUntil }
        : undefined) ??
      (refusal && { reason: refusal.code, until: refusal.retryAt });
    return [held, cause, note] as const satisfies [
      readonly Halt[],
      Cause | undefined,
      Pick<Rest, 'reason' | 'since'> | undefined,
    ];
  }
}

type Cause = Pick<Rest, 'reason' | 'until'> & { readonly since?: number };

/** The halt of the key, or of all that there is to ask. */
function haltOfAll(halts: readonly Halt[]): Cause | undefined {
  const of = (scope: Halt['scope']): Halt | undefined => halts.find((halt) => halt.scope === scope);
  const [key, history, list] = [of('key'), of('history'), of('list')];
  const halt = key ?? (history && list && (history.retryAt < list.retryAt ? history : list));
  return halt && { reason: halt.reason, since: halt.since, until: halt.retryAt };
}
