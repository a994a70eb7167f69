import { EnrichmentFailure } from './problem.js';

/** One timer for all that a call waits for. What is late goes on by itself, without this call. */
export class Deadline implements Disposable {
  readonly #passed: Promise<never>;
  readonly #timer: NodeJS.Timeout;
  readonly #patience = new AbortController();

  constructor(ms: number) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#passed = promise;
    this.#passed.catch(ignore);
    this.#timer = setTimeout(() => {
      this.#patience.abort();
      reject(new EnrichmentFailure({ code: 'deadline', text: `${ms}` }));
    }, ms);
  }

  /** Fires at the deadline. */
  get patience(): AbortSignal {
    return this.#patience.signal;
  }

  /** @throws EnrichmentFailure `deadline` when the work is not done by then. */
  race<T>(work: Promise<T>): Promise<T> {
    work.catch(ignore);
    return Promise.race([work, this.#passed]);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** A late failure has nobody to tell: the next call meets it itself. */
function ignore(): void {
  // Nothing to do.
}
