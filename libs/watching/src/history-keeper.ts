import type { Change, ChangeStore, HistoryWatch } from '#changes';

import { DEPLOYMENT } from './deployment.js';
import { lookOf } from './look-of-reading.js';
import type { LookedAt, RecordReading } from './look-of-reading.js';

/** What came of keeping readings. */
export interface Kept {
  /** What was written just now. */
  readonly changes: readonly Change[];
  /** When the observable's newest change was learned of, epoch milliseconds, if it is known here. */
  readonly changedAt: number | undefined;
}

/** Compares readings with the known histories, and keeps both histories and changes. */
export class HistoryKeeper {
  readonly #histories: Pick<HistoryWatch, 'apply'>;
  readonly #changes: Pick<ChangeStore, 'page'>;

  constructor(histories: Pick<HistoryWatch, 'apply'>, changes: Pick<ChangeStore, 'page'>) {
    this.#histories = histories;
    this.#changes = changes;
  }

  /**
   * May be repeated with the same readings: what was written stays as it is.
   *
   * @throws ChangesError `contended`, `history_unreadable`.
   */
  async keep(readings: readonly RecordReading[], lookedAt: LookedAt): Promise<Kept> {
    const results = await Promise.all(
      readings.map((reading) => this.#histories.apply(lookOf(reading, lookedAt))),
    );
    const changes = results.flatMap((result) => result.changes);
    const times = changes.map(({ detectedAt }) => detectedAt);
    // An earlier try may have written changes and ended before it could book when.
    const repeated = results.some(({ outcome }) => outcome === 'outdated');
    const before = repeated ? await this.#newest(lookedAt) : [];
    const known = [...times, ...before];
    return { changes, changedAt: known.length === 0 ? undefined : Math.max(...known) };
  }

  async #newest({ observable }: LookedAt): Promise<readonly number[]> {
    const { type, value } = observable;
    const query = { tenant: DEPLOYMENT, filter: { type, value }, first: 1 };
    const { changes } = await this.#changes.page(query);
    return changes.map(({ detectedAt }) => detectedAt);
  }
}
