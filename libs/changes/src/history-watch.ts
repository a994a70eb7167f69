import type { CanonicalObservable } from '#observables';

import { backtest } from './backtest.js';
import type { Change } from './change.js';
import { detect } from './detector.js';
import { ChangesError } from './errors.js';
import type { HistoryStore } from './history-store.port.js';
import type { Interval } from './interval.js';
import type { KnownHistory } from './known-history.js';
import { asKnownAt } from './known-history.js';
import type { Look } from './look.js';
import type { Subject } from './subject.js';

/**
 * What a look came to: the first of its subject; compared with what was known; or not later than
 * the latest look, and so without effect.
 */
export type LookOutcome = 'baseline' | 'compared' | 'outdated';

export interface LookResult {
  readonly outcome: LookOutcome;
  /** What this call has written; what an earlier try of the same look wrote is in the store. */
  readonly changes: readonly Change[];
}

/** How often an observable would have raised something. */
export interface BacktestRow {
  readonly observable: CanonicalObservable;
  readonly added: number;
  readonly ended: number;
  readonly returned: number;
}

export interface BacktestResult {
  /** Newest first, at most as many as asked for. */
  readonly changes: readonly Change[];
  /** Of all changes, also those beyond that. Observables that would have raised nothing have none. */
  readonly byObservable: readonly BacktestRow[];
  /** Observables of which no history is held at all. */
  readonly notHeld: readonly CanonicalObservable[];
}

export interface BacktestQuery {
  readonly subjects: readonly Subject[];
  /** `YYYY-MM-DD`, included. */
  readonly since: string;
  /** How many changes to give at most. */
  readonly most: number;
}

/** Somebody else wins once for each attempt; more than that many workers look at one thing never. */
const ATTEMPTS = 20;
/** Histories read in one step. */
const STEP = 100;

/** Keeps known histories by the looks taken, and tells what changed. */
export class HistoryWatch {
  readonly #store: HistoryStore;

  constructor(store: HistoryStore) {
    this.#store = store;
  }

  /**
   * Compares a look with the known history and writes both the history and the changes, or nothing.
   * It may be called again with the same look, and by several processes at once.
   *
   * @throws ChangesError `contended` when others wrote before it again and again;
   *   `history_unreadable`.
   */
  async apply(look: Look): Promise<LookResult> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const [held = null] = await this.#store.read([look]);
      if (held !== null && look.at <= held.history.lookedAt) {
        return { outcome: 'outdated', changes: [] };
      }
      const { history, changes } = detect(held?.history, look);
      const expected = held?.version ?? 0;
      const written = await this.#store.commit({ subject: look, expected, history, changes });
      if (written !== undefined) {
        return { outcome: held === null ? 'baseline' : 'compared', changes: written };
      }
    }
    throw new ChangesError('contended', 'Others look at the same history all the time.');
  }

  /** What is known, newest first; undefined when nothing is held. */
  async known(subject: Subject): Promise<KnownHistory | undefined> {
    const [held = null] = await this.#store.read([subject]);
    return held?.history;
  }

  /** As {@link known}, of several in one round trip, in their order. */
  async knownMany(subjects: readonly Subject[]): Promise<(KnownHistory | undefined)[]> {
    return (await this.#store.read(subjects)).map((held) => held?.history);
  }

  /**
   * The history as it was known at an instant (epoch milliseconds), newest first.
   *
   * @returns undefined when nothing was known of it then.
   */
  async asKnownAt(subject: Subject, instant: number): Promise<readonly Interval[] | undefined> {
    const history = await this.known(subject);
    return history === undefined ? undefined : asKnownAt(history, instant);
  }

  /** Forgets what is known: the next look is the first again. The changes stay. */
  async forget(subject: Subject): Promise<void> {
    await this.#store.forget(subject);
  }

  /** What the subjects would have raised since a day, from what is held: no look is taken. */
  async backtest({ subjects, since, most }: BacktestQuery): Promise<BacktestResult> {
    const rows = new Map<string, Tally>();
    let changes: Change[] = [];
    for (let from = 0; from < subjects.length; from += STEP) {
      const step = subjects.slice(from, from + STEP);
      const held = await this.#store.read(step);
      for (const [index, subject] of step.entries()) {
        const history = held[index]?.history;
        const found = history === undefined ? [] : backtest(subject, history, since);
        tally(rows, subject, history !== undefined, found);
        changes.push(...found);
      }
      changes = changes.sort(newestFirst).slice(0, most);
    }
    return { changes, ...summary([...rows.values()]) };
  }
}

interface Tally {
  readonly observable: CanonicalObservable;
  held: boolean;
  added: number;
  ended: number;
  returned: number;
}

function tally(
  rows: Map<string, Tally>,
  { observable }: Subject,
  held: boolean,
  changes: readonly Change[],
): void {
  const key = `${observable.type}:${observable.value}`;
  const row = rows.get(key) ?? { observable, held: false, added: 0, ended: 0, returned: 0 };
  rows.set(key, row);
  row.held ||= held;
  for (const { kind } of changes) {
    row.added += Number(kind === 'ADDED');
    row.ended += Number(kind === 'ENDED');
    row.returned += Number(kind === 'RETURNED');
  }
}

function summary(rows: readonly Tally[]): Pick<BacktestResult, 'byObservable' | 'notHeld'> {
  return {
    byObservable: rows
      .filter(({ added, ended, returned }) => added + ended + returned > 0)
      .map(({ observable, added, ended, returned }) => ({ observable, added, ended, returned })),
    notHeld: rows.filter(({ held }) => !held).map(({ observable }) => observable),
  };
}

function newestFirst(a: Change, b: Change): number {
  return b.detectedAt - a.detectedAt || (a.id < b.id ? -1 : 1);
}
