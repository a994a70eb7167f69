import type { CanonicalObservable } from '#observables';

import type { Entry, Membership } from './entry.js';
import { encodeMember } from './entry.codec.js';
import type { EntryChange, EntryStore, Guard, Holdings, Saved } from './entry-store.port.js';
import type { Outcome } from './fault.js';
import { done, fault, refused, WatchError } from './fault.js';
import type { WatchLimits } from './limits.js';
import { notFound } from './list.service.js';
import type { Journal, JournalEntry, ListStore } from './list-store.port.js';
import { keyOf, observableOf, parseWatchedId } from './observable-key.js';
import type { ObservableKey } from './observable-key.js';
import { patchFaults, placesOf, tidyPatch, wishFaults } from './place.js';
import type { MembershipPatch, WatchWish } from './place.js';
import { inParts, PART_SIZE } from './roll-forward.js';
import type { RollForward } from './roll-forward.js';
import type { ScheduleTuning } from './schedule.js';
import { amend, expedite, join, leave } from './transitions.js';
import type { Circumstances } from './transitions.js';

export interface Added {
  /** In the order of the wishes. */
  readonly added: readonly CanonicalObservable[];
  readonly alreadyWatched: number;
}

export interface MemberServiceParts {
  readonly lists: ListStore;
  readonly entries: EntryStore;
  readonly journal: Journal;
  readonly rollForward: RollForward;
  readonly limits: WatchLimits;
  readonly tuning: ScheduleTuning;
  readonly clock: () => number;
  /** 16 url-safe random characters. */
  readonly newId: () => string;
}

/** Lost races for one change; each means that somebody else got on. */
const ATTEMPTS = 50;

type Step = (entry: Entry | undefined, around: Circumstances) => Entry | undefined;
type Places = ReadonlyMap<ObservableKey, Membership>;

/**
 * What is on which list. Up to 500 observables are changed in one write; more are accepted with one
 * write and done from the journal, by this process or, if it dies, by any other.
 */
export class MemberService {
  readonly #parts: MemberServiceParts;

  constructor(parts: MemberServiceParts) {
    this.#parts = parts;
  }

  /**
   * Puts observables on a list; those on it already stay as they are.
   * Faults: NOT_FOUND, TOO_MANY, INVALID with the index of the wish; then nothing is added.
   *
   * @throws WatchError `contended`
   */
  async add(listId: string, wishes: readonly WatchWish[], actor: string): Promise<Outcome<Added>> {
    const now = this.#parts.clock();
    const faults = wishFaults(wishes, this.#parts.limits, now);
    const places = placesOf(wishes, actor, now);
    return faults.length > 0
      ? refused(...faults)
      : this.#whileListed(listId, async (no) => {
          const fresh = await this.#notOn(no, places);
          const saved = await this.#addFresh(no, fresh);
          if (saved !== 'saved') {
            return this.#refusalOf(saved);
          }
          const added = [...fresh.keys()].flatMap((key) => observableOf(key) ?? []);
          return done({ added, alreadyWatched: places.size - added.length });
        });
  }

  /**
   * Takes observables off a list. Its value: how many were on it. Fault: NOT_FOUND.
   *
   * @throws WatchError `contended`
   */
  async remove(
    listId: string,
    observables: readonly CanonicalObservable[],
  ): Promise<Outcome<number>> {
    const asked = new Map(observables.map((one) => [keyOf(one), true] as const));
    return this.#whileListed(listId, async (no) => {
      const off = await this.#notOn(no, asked);
      const on = [...asked.keys()].filter((key) => !off.has(key));
      return (await this.#removeKeys(no, on)) === 'saved' ? done(on.length) : undefined;
    });
  }

  /**
   * Changes note, expiry or pause of a watched observable, by its id. Faults: NOT_FOUND, INVALID.
   *
   * @throws WatchError `contended`
   */
  async update(id: string, patch: MembershipPatch): Promise<Outcome<CanonicalObservable>> {
    const target = parseWatchedId(id);
    const observable = target && observableOf(target.key);
    if (target === undefined || observable === undefined) {
      return refused(notFound(['id']));
    }
    const tidy = tidyPatch(patch);
    const faults = patchFaults(tidy, this.#parts.limits, this.#parts.clock());
    return faults.length > 0
      ? refused(...faults)
      : this.#whileListed(target.listId, async (no) => {
          const holdings = await this.#parts.entries.load([target.key]);
          if (holdings.entries.get(target.key)?.entry.memberships.has(no) !== true) {
            return refused(notFound(['id']));
          }
          const step: Step = (entry, around) => entry && amend(entry, no, tidy, around);
          const saved = await this.#save(holdings, new Map([[target.key, step]]), []);
          return saved === 'saved' ? done(observable) : undefined;
        });
  }

  /**
   * Makes watched observables due at once, by an operator's wish: their claims say so.
   *
   * @returns how many of them are watched
   */
  async expedite(observables: readonly CanonicalObservable[]): Promise<number> {
    let watched = 0;
    for (const keys of inParts([...new Set(observables.map(keyOf))])) {
      const now = this.#parts.clock();
      const { entries } = await this.#parts.entries.load(keys);
      const changes = [...entries].map(([key, before]) => ({
        key,
        before,
        after: expedite(before.entry, now),
      }));
      // Who loses the race was just claimed or settled: as good as expedited.
      await this.#parts.entries.saveEach(changes, now);
      watched += changes.length;
    }
    return watched;
  }

  /** Tries, with nothing left in the journal, until there is an outcome: undefined is a lost race. */
  async #whileListed<T>(
    listId: string,
    attempt: (no: number) => Promise<Outcome<T> | undefined>,
  ): Promise<Outcome<T>> {
    for (let tries = 0; tries < ATTEMPTS; tries += 1) {
      await this.#parts.rollForward.run();
      const [list] = await this.#parts.lists.byIds([listId]);
      const outcome = list ? await attempt(list.no) : refused(notFound(['watchlistId']));
      if (outcome !== undefined) {
        return outcome;
      }
    }
    throw new WatchError('contended', 'A watchlist kept changing');
  }

  async #addFresh(no: number, fresh: Places): Promise<Saved> {
    if (fresh.size > PART_SIZE) {
      const texts = [...fresh].map(([key, membership]) => encodeMember(key, membership));
      return this.#accept({ id: this.#parts.newId(), kind: 'add', no, size: fresh.size }, texts);
    }
    const holdings = await this.#parts.entries.load([...fresh.keys()], [no]);
    const steps = [...fresh].map(([key, membership]): [ObservableKey, Step] => [
      key,
      (entry, around) => join(entry, { key, no, membership, batchSize: fresh.size }, around),
    ]);
    return this.#save(holdings, new Map(steps), [
      { kind: 'list', no, rules: holdings.rules },
      { kind: 'room', no, more: fresh.size, limit: this.#parts.limits.observablesPerList },
      { kind: 'idle' },
    ]);
  }

  async #removeKeys(no: number, keys: readonly ObservableKey[]): Promise<Saved> {
    if (keys.length > PART_SIZE) {
      return this.#accept({ id: this.#parts.newId(), kind: 'remove', no, size: keys.length }, keys);
    }
    const holdings = await this.#parts.entries.load(keys, [no]);
    const step: Step = (entry, around) => entry && leave(entry, no, around);
    return this.#save(holdings, new Map(keys.map((key) => [key, step])), [{ kind: 'idle' }]);
  }

  async #accept(entry: JournalEntry, texts: readonly string[]): Promise<Saved> {
    const limit = this.#parts.limits.observablesPerList;
    const parts = inParts(texts).map((part) => JSON.stringify(part));
    const accepted = await this.#parts.journal.accept(entry, parts, limit);
    if (accepted !== 'accepted') {
      return accepted;
    }
    await this.#parts.rollForward.run();
    return 'saved';
  }

  async #save(
    holdings: Holdings,
    steps: ReadonlyMap<ObservableKey, Step>,
    guards: readonly Guard[],
  ): Promise<Saved> {
    const now = this.#parts.clock();
    const around = { now, rules: holdings.rules, tuning: this.#parts.tuning };
    const changes = [...steps].map(([key, step]): EntryChange => {
      const before = holdings.entries.get(key);
      return { key, before, after: step(before?.entry, around) };
    });
    const needed = changes.filter(({ before, after }) => after !== before?.entry);
    return this.#parts.entries.saveTogether(needed, guards, now);
  }

  /** Those of the places that are not on the list. */
  async #notOn<T>(
    no: number,
    places: ReadonlyMap<ObservableKey, T>,
  ): Promise<Map<ObservableKey, T>> {
    const fresh = new Map(places);
    for (const keys of inParts([...places.keys()])) {
      const { entries } = await this.#parts.entries.load(keys);
      for (const [key, { entry }] of entries) {
        if (entry.memberships.has(no)) {
          fresh.delete(key);
        }
      }
    }
    return fresh;
  }

  #refusalOf(saved: Saved): Outcome<never> | undefined {
    const limit = this.#parts.limits.observablesPerList;
    const message = `would make more than ${limit} on the watchlist`;
    return saved === 'room' ? refused(fault('TOO_MANY', ['observables'], message)) : undefined;
  }
}
