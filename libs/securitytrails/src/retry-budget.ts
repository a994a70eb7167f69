export interface RetryBudgetOptions {
  /** Answered calls that pay for one retry; 10 keeps amplification within 10 %. */
  readonly answersPerRetry: number;
  /** Retries that can be saved up. */
  readonly cap: number;
}

/** reliability 1.5: a tenth of a retry for each answer, ten saved at most. */
const DEFAULTS: RetryBudgetOptions = { answersPerRetry: 10, cap: 10 };

/**
 * What keeps retries from feeding an outage: they are paid for by earlier answers. Starts empty, so
 * a process that never got an answer never retries. Counts whole answers, because ten times 0.1 is
 * less than 1 in floating point.
 */
export class RetryBudget {
  readonly #price: number;
  readonly #cap: number;
  #saved = 0;

  constructor(options: RetryBudgetOptions = DEFAULTS) {
    this.#price = options.answersPerRetry;
    this.#cap = options.cap * options.answersPerRetry;
  }

  /** Whether a retry is paid for. */
  get allows(): boolean {
    return this.#saved >= this.#price;
  }

  deposit(): void {
    this.#saved = Math.min(this.#saved + 1, this.#cap);
  }

  spend(): void {
    this.#saved = Math.max(this.#saved - this.#price, 0);
  }
}
