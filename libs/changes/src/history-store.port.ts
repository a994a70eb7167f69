import type { Change } from './change.js';
import type { KnownHistory } from './known-history.js';
import type { Subject } from './subject.js';

/** A history as it is held, and which state of it that is. */
export interface Held {
  readonly version: number;
  readonly history: KnownHistory;
}

/** A look's whole effect. */
export interface Commit {
  readonly subject: Subject;
  /** The version that the look was compared with; 0 when nothing was held. */
  readonly expected: number;
  readonly history: KnownHistory;
  readonly changes: readonly Change[];
}

/** Where the known histories are kept, with the changes that they brought. */
export interface HistoryStore {
  /** In the order of the subjects; null where nothing is held. */
  read(subjects: readonly Subject[]): Promise<(Held | null)[]>;
  /**
   * Writes the history, its changes and all that finds them again, or nothing at all. A change whose
   * id is there already is not written again.
   *
   * @returns the changes that were written; undefined when another version is held by now.
   */
  commit(commit: Commit): Promise<readonly Change[] | undefined>;
  /** Forgets the history; its changes stay. The next look is a baseline again. */
  forget(subject: Subject): Promise<void>;
}
