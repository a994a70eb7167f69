import type { ObservableType } from '#observables';

import type { ChangeKind, StoredChange } from './change.js';

/** All that is given has to hold. */
export interface ChangeFilter {
  /** One of the lists that the observable was on when the change was found. */
  readonly watchlistId?: string;
  /** Of the observable. */
  readonly type?: ObservableType;
  /** Of the observable, in its canonical form. */
  readonly value?: string;
  readonly kind?: ChangeKind;
  /** Found at or after this instant, epoch milliseconds. */
  readonly since?: number;
  /** Found at or before this instant, epoch milliseconds. */
  readonly until?: number;
}

export interface ChangeQuery {
  readonly tenant: string;
  readonly filter?: ChangeFilter;
}

export interface PageQuery extends ChangeQuery {
  /** How many at most, 1…{@link MOST_A_PAGE}. */
  readonly first: number;
  /** The cursor of the change after which to go on. */
  readonly after?: string;
}

/** The largest page that can be asked for. */
export const MOST_A_PAGE = 1_000;

export interface ChangePage {
  /** Newest first. */
  readonly changes: readonly StoredChange[];
  readonly hasMore: boolean;
}

export interface Acknowledgement {
  readonly tenant: string;
  readonly ids: readonly string[];
  /** Who, as it is to be shown. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The ids of a call, sorted by what came of them. */
export interface Acknowledged {
  readonly acknowledged: readonly string[];
  /** Somebody had done so before: who and when stay as they were. */
  readonly already: readonly string[];
  readonly unknown: readonly string[];
}

/** How long changes are kept: whichever comes first. */
export interface Retention {
  /** The number of changes of a tenant. */
  readonly most: number;
  /** Their age in milliseconds. */
  readonly keepMs: number;
}

/** The changes that were found, newest first, until their retention ends. */
export interface ChangeStore {
  /**
   * A page; what comes or goes meanwhile neither doubles nor hides what else there is.
   *
   * @throws ChangesError `bad_cursor`, `bad_page_size`.
   */
  page(query: PageQuery): Promise<ChangePage>;
  count(query: ChangeQuery): Promise<number>;
  /** In the order of the ids; null where there is none. */
  find(tenant: string, ids: readonly string[]): Promise<(StoredChange | null)[]>;
  /** Marks changes as seen by somebody. Done twice it changes nothing. */
  acknowledge(acknowledgement: Acknowledgement): Promise<Acknowledged>;
  /**
   * Removes what the retention no longer keeps at an instant (epoch milliseconds), oldest first.
   *
   * @returns how many; call again while it is not 0.
   */
  trim(tenant: string, now: number): Promise<number>;
}
