import { HALT_SCOPES, probed, refusedAgain } from './halt.js';
import type { EndpointKind, Halt, HaltReason, HaltScope } from './halt.js';
import type { HaltStore } from './halt-store.port.js';

/** Whether a refresh may go on, and which halts it tries by that. */
export type Admission =
  | { readonly admitted: true; readonly probes: readonly HaltScope[] }
  | { readonly admitted: false; readonly halt: Halt };

/** Lost races for one change; each means that somebody else changed it. */
const ATTEMPTS = 20;

/**
 * One clear state for a key that upstream refuses or a plan that does not hold an endpoint, over all
 * processes: work is put off instead of failing, and one refresh at a time tries whether it goes again.
 */
export class HaltBoard {
  readonly #store: HaltStore;
  readonly #clock: () => number;

  constructor(store: HaltStore, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The halts of a tenant, that of the whole key first. */
  async halts(tenant: string): Promise<readonly Halt[]> {
    const halts = await this.#store.read(tenant);
    return HALT_SCOPES.flatMap((scope) => halts.find((halt) => halt.scope === scope) ?? []);
  }

  /** Lets a refresh on, unless it is halted; the first to ask after a wait is the one that tries. */
  async admit(tenant: string, kind: EndpointKind): Promise<Admission> {
    const now = this.#clock();
    const concerned = (await this.halts(tenant)).filter(
      ({ scope }) => scope === 'key' || scope === kind,
    );
    const closed = concerned.find(({ retryAt }) => retryAt > now);
    if (closed !== undefined) {
      return { admitted: false, halt: closed };
    }
    const probes: HaltScope[] = [];
    for (const halt of concerned) {
      const after = probed(halt, now);
      if (!(await this.#store.replace(tenant, halt.scope, { before: halt, after }))) {
        return { admitted: false, halt: after };
      }
      probes.push(halt.scope);
    }
    return { admitted: true, probes };
  }

  /** Books that upstream refused. */
  async refused(tenant: string, scope: HaltScope, reason: HaltReason): Promise<Halt> {
    let halt: Halt;
    let attempt = 0;
    let written: boolean;
    do {
      const halts = await this.#store.read(tenant);
      const before = halts.find((held) => held.scope === scope);
      halt = refusedAgain(before, { scope, reason }, this.#clock());
      written =
        halt === before || (await this.#store.replace(tenant, scope, { before, after: halt }));
      attempt += 1;
    } while (!written && attempt < ATTEMPTS);
    return halt;
  }

  /** Ends halts: upstream has answered, or an operator says that it will. */
  async lift(tenant: string, scopes: readonly HaltScope[] = HALT_SCOPES): Promise<void> {
    for (const halt of await this.#store.read(tenant)) {
      if (scopes.includes(halt.scope)) {
        await this.#store.replace(tenant, halt.scope, { before: halt, after: undefined });
      }
    }
  }
}
