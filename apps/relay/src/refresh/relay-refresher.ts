import type { Caller, Refreshed, Refresher } from '#enrichment';
import type { RefreshEnqueuer } from '#jobs';
import type { CanonicalObservable } from '#observables';
import type { Logger } from '#platform';
import { LRUCache } from 'lru-cache';

/** Whether a worker holds a tenant's API key. */
export interface WorkerPresence {
  has(tenant: string): Promise<boolean>;
}

export interface RelayRefresherParts {
  readonly enqueuer: RefreshEnqueuer;
  readonly presence: WorkerPresence;
  /** Refreshes in this process, with the key of the call at hand. */
  readonly refreshHere: (
    caller: Caller,
    observable: CanonicalObservable,
  ) => Promise<readonly Refreshed[]>;
  readonly logger: Logger;
}

/** One wish an observable in so many milliseconds: a stale answer may be served thousands of times. */
const WISH_EVERY_MS = 10_000;

/**
 * Has stale answers refreshed: by a worker that holds the tenant's key, through the queue; else, or
 * while the queue is away, by this process in the background.
 */
export class RelayRefresher implements Refresher {
  readonly #parts: RelayRefresherParts;
  readonly #wished = new LRUCache<string, true>({ max: 10_000, ttl: WISH_EVERY_MS });
  readonly #running = new Set<Promise<void>>();

  constructor(parts: RelayRefresherParts) {
    this.#parts = parts;
  }

  refresh(caller: Caller, observable: CanonicalObservable): void {
    const wish = `${caller.tenant} ${observable.type} ${observable.value}`;
    if (this.#wished.has(wish)) {
      return;
    }
    this.#wished.set(wish, true);
    const run = this.#run(caller, observable).finally(() => {
      this.#running.delete(run);
    });
    this.#running.add(run);
  }

  /** Resolves when what runs in this process has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(caller: Caller, observable: CanonicalObservable): Promise<void> {
    if (!(await this.#enqueued(caller, observable))) {
      await this.#runHere(caller, observable);
    }
  }

  /** After a failure the stale answer stands; the next call that meets it wishes again. */
  async #runHere(caller: Caller, observable: CanonicalObservable): Promise<void> {
    const { refreshHere, logger } = this.#parts;
    const errand = { cause: 'REFRESH', payers: [] } as const;
    for (const end of await refreshHere({ ...caller, errand }, observable)) {
      if (end.state === 'failed') {
        const { kind, problem } = end;
        const { tenant } = caller;
        logger.info(
          { event: 'refresh.failed', tenant, kind, code: problem.code },
          'refresh failed',
        );
      }
    }
  }

  async #enqueued(caller: Caller, observable: CanonicalObservable): Promise<boolean> {
    const { enqueuer, presence, logger } = this.#parts;
    try {
      if (!(await presence.has(caller.tenant))) {
        return false;
      }
      await enqueuer.enqueue({ tenant: caller.tenant, observable, cause: 'stale' });
      return true;
    } catch (err) {
      logger.debug({ err, event: 'refresh.queue_away' }, 'queue away, refreshing here');
      return false;
    }
  }
}
