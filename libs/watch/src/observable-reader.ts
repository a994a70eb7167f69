import type { CanonicalObservable, ObservableType } from '#observables';

import type { EntryStore, MemberReader } from './entry-store.port.js';
import { keyOf, keyPrefix, parseWatchedId } from './observable-key.js';
import type { ObservableKey } from './observable-key.js';
import { decodeCursor, encodeCursor } from './page.js';
import type { Page, PageRequest } from './page.js';
import { stateRanges } from './state-index.js';
import { WATCH_STATES } from './state.js';
import type { WatchState } from './state.js';
import { watchedObservable } from './watched-observable.js';
import type { WatchedObservable } from './watched-observable.js';
import type { Watchlist } from './watchlist.js';

export interface ObservableFilter {
  readonly type?: ObservableType;
  readonly state?: WatchState;
  /** In the canonical value, without regard to case. */
  readonly valueContains?: string;
}

export interface ListSummary {
  readonly total: number;
  readonly byState: Readonly<Record<WatchState, number>>;
  readonly lastChangeAt: number | null;
}

export interface ObservableReaderParts {
  readonly entries: EntryStore;
  readonly members: MemberReader;
  readonly clock: () => number;
}

/** Fewer in a state than this are found by their state, more by going along the list. */
const RARE = 2_000;
/** Keys looked at between two turns of the event loop. */
const STRIDE = 1_000;

type Matches = (key: ObservableKey) => boolean;

/** Reads of watched observables. A page is in the order of type (ip, ipv6, domain) and value. */
export class ObservableReader {
  readonly #parts: ObservableReaderParts;

  constructor(parts: ObservableReaderParts) {
    this.#parts = parts;
  }

  async page(
    list: Watchlist,
    request: PageRequest,
    filter: ObservableFilter = {},
  ): Promise<Page<WatchedObservable>> {
    const found: WatchedObservable[] = [];
    const start = request.after === undefined ? undefined : decodeCursor(request.after);
    for await (const part of this.#matching(list, filter, start, request.first + 1)) {
      found.push(...part);
      if (found.length > request.first) {
        break;
      }
    }
    const items = found.slice(0, request.first);
    const last = items.at(-1);
    const more = found.length > items.length && last !== undefined;
    return { items, nextCursor: more ? observableCursor(last) : null };
  }

  /** All of a list in the order of pages, for exports: a bounded part at a time. */
  async *all(list: Watchlist): AsyncGenerator<WatchedObservable> {
    for await (const part of this.#along(list, {}, undefined, STRIDE)) {
      yield* part;
    }
  }

  /**
   * At most so many of a list, evenly spaced along it; all when it has no more. For planning: it costs
   * a few round trips, whatever the length of the list.
   */
  async sample(list: Watchlist, most: number): Promise<WatchedObservable[]> {
    const total = await this.#parts.members.count(list.no, '');
    const count = Math.min(most, total);
    const ranks = Array.from({ length: count }, (_, index) =>
      Math.floor(((index + 0.5) * total) / count),
    );
    return this.#views(list, await this.#parts.members.atRanks(list.no, ranks), {});
  }

  /** How many pass a filter. By type or state alone from the index; by text the list is gone along. */
  async count(list: Watchlist, filter: ObservableFilter = {}): Promise<number> {
    const { type, state, valueContains } = filter;
    if (valueContains === undefined && (state === undefined || type === undefined)) {
      return state === undefined
        ? this.#parts.members.count(list.no, prefixOf(type))
        : this.#countState(list, state);
    }
    let count = 0;
    for await (const part of this.#matching(list, filter, undefined, STRIDE)) {
      count += part.length;
    }
    return count;
  }

  /** Counts by state without a look at any observable, for many lists in two round trips. */
  async summaries(lists: readonly Watchlist[]): Promise<ListSummary[]> {
    const now = this.#parts.clock();
    const asked = lists.flatMap(({ no, enabled }) =>
      WATCH_STATES.flatMap((state) =>
        stateRanges(state, enabled, now).map((range) => ({ no, state, range })),
      ),
    );
    const [counts, changes] = await Promise.all([
      this.#parts.members.countRanges(asked),
      this.#parts.members.lastChanges(lists.map(({ no }) => no)),
    ]);
    const byList = new Map(lists.map(({ no }) => [no, noneInAnyState()]));
    for (const [index, { no, state }] of asked.entries()) {
      const byState = byList.get(no);
      if (byState !== undefined) {
        byState[state] += counts[index] ?? 0;
      }
    }
    return lists.map(({ no }, index) => {
      const byState = byList.get(no) ?? noneInAnyState();
      const total = Object.values(byState).reduce((sum, count) => sum + count, 0);
      return { total, byState, lastChangeAt: changes[index] ?? null };
    });
  }

  /** Every list that each observable is on, in the order asked. */
  async watchedBy(observables: readonly CanonicalObservable[]): Promise<WatchedObservable[][]> {
    const keys = observables.map(keyOf);
    const { entries, rules } = await this.#parts.entries.load([...new Set(keys)]);
    const now = this.#parts.clock();
    return keys.map((key) => {
      const entry = entries.get(key)?.entry;
      return entry === undefined
        ? []
        : [...entry.memberships.keys()].flatMap(
            (no) => watchedObservable(entry, no, rules, now) ?? [],
          );
    });
  }

  /** By their ids, in the order asked; undefined for what is not watched there. */
  async byIds(ids: readonly string[]): Promise<(WatchedObservable | undefined)[]> {
    const targets = ids.map(parseWatchedId);
    const keys = [...new Set(targets.flatMap((target) => target?.key ?? []))];
    const { entries, rules } = await this.#parts.entries.load(keys);
    const now = this.#parts.clock();
    const nos = new Map([...rules.values()].map(({ id, no }) => [id, no]));
    return targets.map((target) => {
      const entry = target && entries.get(target.key)?.entry;
      return entry && watchedObservable(entry, nos.get(target.listId) ?? 0, rules, now);
    });
  }

  async #countState({ no, enabled }: Watchlist, state: WatchState): Promise<number> {
    const ranges = stateRanges(state, enabled, this.#parts.clock());
    const counts = await this.#parts.members.countRanges(ranges.map((range) => ({ no, range })));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async *#matching(
    list: Watchlist,
    filter: ObservableFilter,
    after: ObservableKey | undefined,
    wanted: number,
  ): AsyncGenerator<WatchedObservable[]> {
    const { state } = filter;
    if (state !== undefined && (await this.#countState(list, state)) <= RARE) {
      yield* this.#rare(list, { ...filter, state }, after);
    } else {
      yield* this.#along(list, filter, after, wanted);
    }
  }

  async *#rare(
    list: Watchlist,
    filter: ObservableFilter & { readonly state: WatchState },
    after: ObservableKey | undefined,
  ): AsyncGenerator<WatchedObservable[]> {
    const ranges = stateRanges(filter.state, list.enabled, this.#parts.clock());
    const found = await this.#parts.members.inRanges(
      // Some more than were counted: they may have become more since.
      ranges.map((range) => ({ no: list.no, range, limit: 2 * RARE })),
    );
    const matches = keyMatcher(filter);
    const keys = found
      .flat()
      .map(({ key }) => key)
      .filter((key) => matches(key) && (after === undefined || key > after));
    keys.sort((one, other) => (one < other ? -1 : 1));
    for (let start = 0; start < keys.length; start += STRIDE) {
      yield this.#views(list, keys.slice(start, start + STRIDE), filter);
    }
  }

  async *#along(
    list: Watchlist,
    filter: ObservableFilter,
    start: ObservableKey | undefined,
    wanted: number,
  ): AsyncGenerator<WatchedObservable[]> {
    const matches = keyMatcher(filter);
    const sifted = filter.state !== undefined || filter.valueContains !== undefined;
    const limit = sifted ? STRIDE : Math.min(wanted, STRIDE);
    let after = start;
    let keys: ObservableKey[];
    do {
      keys = await this.#parts.members.keys(list.no, {
        ...(after === undefined ? {} : { after }),
        prefix: prefixOf(filter.type),
        limit,
      });
      after = keys.at(-1);
      yield await this.#views(list, keys.filter(matches), filter);
    } while (keys.length === limit);
  }

  async #views(
    { no }: Watchlist,
    keys: readonly ObservableKey[],
    { state }: ObservableFilter,
  ): Promise<WatchedObservable[]> {
    const { entries, rules } = await this.#parts.entries.load(keys, [no]);
    const now = this.#parts.clock();
    const views = keys.flatMap((key) => {
      const entry = entries.get(key)?.entry;
      return (entry && watchedObservable(entry, no, rules, now)) ?? [];
    });
    return state === undefined ? views : views.filter((view) => view.state === state);
  }
}

/** The cursor of one watched observable. */
export function observableCursor({ observable }: WatchedObservable): string {
  return encodeCursor(keyOf(observable));
}

function noneInAnyState(): Record<WatchState, number> {
  return { PENDING: 0, FRESH: 0, DUE: 0, REFRESHING: 0, FAILING: 0, PAUSED: 0, EXPIRED: 0 };
}

function prefixOf(type: ObservableType | undefined): string {
  return type === undefined ? '' : keyPrefix(type);
}

function keyMatcher({ type, valueContains = '' }: ObservableFilter): Matches {
  const prefix = prefixOf(type);
  const text = valueContains.trim().toLowerCase();
  return (key) => key.startsWith(prefix) && key.slice(2).includes(text);
}
