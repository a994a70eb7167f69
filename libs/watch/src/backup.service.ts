import { exportCsv, exportJson, parseExport } from './export-format.js';
import type { ExportedList } from './export-format.js';
import type { Outcome, WatchFault } from './fault.js';
import { done, refused } from './fault.js';
import type { ListService } from './list.service.js';
import type { MemberService } from './member.service.js';
import type { ObservableReader } from './observable-reader.js';
import type { Watchlist } from './watchlist.js';

export interface Restored {
  readonly listsCreated: number;
  readonly listsUpdated: number;
  readonly observablesAdded: number;
  readonly alreadyWatched: number;
}

export interface BackupParts {
  readonly lists: ListService;
  readonly members: MemberService;
  readonly reader: ObservableReader;
}

const ALL = { first: Number.MAX_SAFE_INTEGER };

/** Lists out as text and in again; both directions together are the backup. */
export class BackupService {
  readonly #parts: BackupParts;

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /** All lists, or those given, as JSON in pieces. */
  async *exportJson(lists?: readonly Watchlist[]): AsyncGenerator<string> {
    const chosen = lists ?? (await this.#parts.lists.page(ALL)).items;
    yield* exportJson(chosen, (list) => this.#parts.reader.all(list));
  }

  exportCsv(list: Watchlist): AsyncGenerator<string> {
    return exportCsv(this.#parts.reader.all(list));
  }

  /**
   * Brings the lists of an export in: a list whose id is there takes over its settings and what it
   * lacks, another is made; nothing is removed. Faults: INVALID text (then nothing was done), else
   * those of the first list that was refused; those before it stay. Safe to repeat.
   */
  async import(text: string, actor: string): Promise<Outcome<Restored>> {
    const parsed = parseExport(text);
    if (!parsed.ok) {
      return parsed;
    }
    let sum: Restored = {
      listsCreated: 0,
      listsUpdated: 0,
      observablesAdded: 0,
      alreadyWatched: 0,
    };
    for (const [index, list] of parsed.value.entries()) {
      const outcome = await this.#importList(list, actor);
      if (!outcome.ok) {
        return refused(...outcome.faults.map((found) => within(found, index)));
      }
      sum = addUp(sum, outcome.value);
    }
    return done(sum);
  }

  async #importList(list: ExportedList, actor: string): Promise<Outcome<Restored>> {
    const known = await this.#parts.lists.find(list.id);
    const saved =
      known === undefined
        ? await this.#parts.lists.restore(list.settings, list)
        : await this.#parts.lists.update(list.id, list.settings);
    if (!saved.ok) {
      return saved;
    }
    const added = await this.#parts.members.add(list.id, list.observables, actor);
    return added.ok
      ? done({
          listsCreated: known === undefined ? 1 : 0,
          listsUpdated: known === undefined ? 0 : 1,
          observablesAdded: added.value.added.length,
          alreadyWatched: added.value.alreadyWatched,
        })
      : added;
  }
}

function within(found: WatchFault, index: number): WatchFault {
  return { ...found, field: ['watchlists', String(index), ...found.field] };
}

function addUp(one: Restored, other: Restored): Restored {
  return {
    listsCreated: one.listsCreated + other.listsCreated,
    listsUpdated: one.listsUpdated + other.listsUpdated,
    observablesAdded: one.observablesAdded + other.observablesAdded,
    alreadyWatched: one.alreadyWatched + other.alreadyWatched,
  };
}
