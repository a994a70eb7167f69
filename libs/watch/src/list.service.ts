import { isDeepStrictEqual } from 'node:util';

import type { Outcome, WatchFault } from './fault.js';
import { done, fault, refused, WatchError } from './fault.js';
import type { WatchLimits } from './limits.js';
import type { ListSaved, ListStore } from './list-store.port.js';
import { decodeCursor, encodeCursor } from './page.js';
import type { Page, PageRequest } from './page.js';
import { actorName } from './place.js';
import { foldedName } from './plain-text.js';
import type { RollForward } from './roll-forward.js';
import {
  DEFAULT_SETTINGS,
  isListId,
  pickSettings,
  settingsFaults,
  tidySettings,
} from './watchlist.js';
import type { ListSettings, Watchlist } from './watchlist.js';

export type ListDraft = Pick<ListSettings, 'name'> & Partial<ListSettings>;

export interface ListFilter {
  /** In the name, without regard to case. */
  readonly nameContains?: string;
  readonly tag?: string;
  readonly enabled?: boolean;
}

export interface ListServiceParts {
  readonly lists: ListStore;
  readonly rollForward: RollForward;
  readonly limits: WatchLimits;
  readonly clock: () => number;
  /** 16 url-safe random characters. */
  readonly newId: () => string;
}

const ATTEMPTS = 20;

/** Watchlists as a whole: made, changed, deleted, found. */
export class ListService {
  readonly #parts: ListServiceParts;

  constructor(parts: ListServiceParts) {
    this.#parts = parts;
  }

  /** Faults: INVALID settings, CONFLICT with a name that is taken, TOO_MANY lists. */
  async create(draft: ListDraft, actor: string): Promise<Outcome<Watchlist>> {
    const now = this.#parts.clock();
    const who = actorName(actor);
    const origin = { id: this.newListId(), createdAt: now, createdBy: who };
    return this.restore({ ...DEFAULT_SETTINGS, ...draft }, { ...origin, updatedAt: now });
  }

  /** A list with an identity and a past of its own, as an import brings it. Faults as {@link create}. */
  async restore(
    settings: ListSettings,
    origin: Pick<Watchlist, 'id' | 'createdAt' | 'createdBy' | 'updatedAt'>,
  ): Promise<Outcome<Watchlist>> {
    const tidy = tidySettings(settings);
    const faults = settingsFaults(tidy, this.#parts.limits);
    if (faults.length > 0) {
      return refused(...faults);
    }
    const no = await this.#parts.lists.nextNumber();
    const { id, createdAt, createdBy, updatedAt } = origin;
    const past = { createdAt, createdBy: actorName(createdBy), updatedAt };
    const list: Watchlist = { ...pickSettings(tidy), id, no, ...past };
    const saved = await this.#parts.lists.insert(list, this.#parts.limits.lists);
    return saved === 'saved' ? done(list) : refused(this.#saveFault(saved));
  }

  newListId(): string {
    return `wl_${this.#parts.newId()}`;
  }

  /** What changes nothing leaves it as it was. Faults: NOT_FOUND, INVALID, CONFLICT. */
  async update(id: string, patch: Partial<ListSettings>): Promise<Outcome<Watchlist>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await this.find(id);
      if (before === undefined) {
        return refused(notFound(['id']));
      }
      const tidy = tidySettings({ ...pickSettings(before), ...patch });
      const faults = settingsFaults(tidy, this.#parts.limits);
      if (faults.length > 0) {
        return refused(...faults);
      }
      const settings = pickSettings(tidy);
      if (isDeepStrictEqual(settings, pickSettings(before))) {
        return done(before);
      }
      const after: Watchlist = { ...before, ...settings, updatedAt: this.#parts.clock() };
      const saved = await this.#replace(before, after);
      if (saved !== 'changed') {
        return saved === 'saved' ? done(after) : refused(this.#saveFault(saved));
      }
    }
    throw new WatchError('contended', 'A watchlist kept changing while it was updated');
  }

  /** The list is gone at once; its observables stay where they are on other lists. Fault: NOT_FOUND. */
  async delete(id: string): Promise<Outcome<string>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const list = await this.find(id);
      if (list === undefined) {
        return refused(notFound(['id']));
      }
      if ((await this.#parts.lists.remove(list, this.#parts.newId())) === 'saved') {
        await this.#parts.rollForward.run();
        return done(id);
      }
    }
    throw new WatchError('contended', 'A watchlist kept changing while it was deleted');
  }

  async find(id: string): Promise<Watchlist | undefined> {
    const [list] = await this.findMany([id]);
    return list;
  }

  /** In one round trip, in the order asked; undefined for what is not there. */
  async findMany(ids: readonly string[]): Promise<(Watchlist | undefined)[]> {
    const known = ids.filter(isListId);
    const found = await this.#parts.lists.byIds(known);
    const byId = new Map(known.map((id, index) => [id, found[index]]));
    return ids.map((id) => byId.get(id));
  }

  /** In the order of creation. */
  async page(request: PageRequest, filter: ListFilter = {}): Promise<Page<Watchlist>> {
    const after = Number(decodeCursor(request.after ?? '')) || 0;
    const rest = (await this.#parts.lists.all()).filter(
      (list) => list.no > after && passes(list, filter),
    );
    const items = rest.slice(0, request.first);
    const last = items.at(-1);
    const more = rest.length > items.length && last !== undefined;
    return { items, nextCursor: more ? listCursor(last) : null };
  }

  async count(filter: ListFilter = {}): Promise<number> {
    return (await this.#parts.lists.all()).filter((list) => passes(list, filter)).length;
  }

  async #replace(before: Watchlist, after: Watchlist): Promise<ListSaved> {
    const replans =
      before.refreshIntervalSeconds !== after.refreshIntervalSeconds ||
      before.enabled !== after.enabled;
    const saved = await this.#parts.lists.replace(
      before,
      after,
      replans ? this.#parts.newId() : undefined,
    );
    if (saved === 'saved' && replans) {
      await this.#parts.rollForward.run();
    }
    return saved;
  }

  #saveFault(saved: Exclude<ListSaved, 'saved'>): WatchFault {
    switch (saved) {
      case 'taken':
        return fault('CONFLICT', ['name'], 'is the name of another watchlist');
      case 'full':
        return fault('TOO_MANY', [], `there are ${this.#parts.limits.lists} watchlists already`);
      case 'changed':
        return fault('CONFLICT', ['id'], 'is the id of another watchlist');
    }
  }
}

/** The cursor of one list. */
export function listCursor({ no }: Watchlist): string {
  return encodeCursor(String(no));
}

export function notFound(field: readonly string[]): WatchFault {
  return fault('NOT_FOUND', field, 'is not there');
}

function passes(list: Watchlist, { nameContains, tag, enabled }: ListFilter): boolean {
  return (
    (nameContains === undefined || foldedName(list.name).includes(foldedName(nameContains))) &&
    (tag === undefined || list.tags.includes(tag)) &&
    (enabled === undefined || list.enabled === enabled)
  );
}
