import type { RedisPulse } from '#platform';

export type ReadyStatus = 'ready' | 'degraded' | 'unavailable';

/** A connection that the process has, and whether it is of no use without it. */
export interface Dependency {
  readonly name: string;
  readonly pulse: Pick<RedisPulse, 'answers'>;
  readonly needed: boolean;
}

export interface ReadyReport {
  readonly status: ReadyStatus;
  readonly checks: Readonly<Record<string, 'ok' | 'away'>>;
}

/**
 * Whether work may be sent here. What is away but not needed makes the process degraded, not
 * unavailable; a process that is ending is unavailable.
 */
export class Readiness {
  readonly #dependencies: readonly Dependency[];
  #ending = false;

  constructor(dependencies: readonly Dependency[]) {
    this.#dependencies = dependencies;
  }

  report(): ReadyReport {
    const away = this.#dependencies.filter(({ pulse }) => !pulse.answers);
    const checks = Object.fromEntries(
      this.#dependencies.map((one) => [one.name, away.includes(one) ? 'away' : 'ok'] as const),
    );
    const useless = this.#ending || away.some(({ needed }) => needed);
    return { status: useless ? 'unavailable' : away.length > 0 ? 'degraded' : 'ready', checks };
  }

  /** From now on load balancers are told to look elsewhere. */
  end(): void {
    this.#ending = true;
  }
}
