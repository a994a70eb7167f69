import type { Change, StoredChange } from './change.js';
import type {
  Acknowledged,
  Acknowledgement,
  ChangePage,
  ChangeQuery,
  ChangeStore,
  PageQuery,
  Retention,
} from './change-store.port.js';
import type { Commit, Held, HistoryStore } from './history-store.port.js';
import { placeOf } from './place.js';
import { changeFits, pageSizeOf, placeFits, rangeOf } from './selection.js';
import type { PlaceRange } from './selection.js';
import type { Subject } from './subject.js';

/** Both stores in the memory of one process. */
export class MemoryChangeStore implements ChangeStore, HistoryStore {
  readonly #retention: Retention;
  readonly #held = new Map<string, Held>();
  readonly #changes = new Map<string, Map<string, StoredChange>>();

  constructor(retention: Retention) {
    this.#retention = retention;
  }

  read(subjects: readonly Subject[]): Promise<(Held | null)[]> {
    return Promise.resolve(subjects.map((subject) => this.#held.get(keyOf(subject)) ?? null));
  }

  commit(commit: Commit): Promise<readonly Change[] | undefined> {
    const { subject, expected, history, changes } = commit;
    const key = keyOf(subject);
    if ((this.#held.get(key)?.version ?? 0) !== expected) {
      return Promise.resolve(undefined);
    }
    this.#held.set(key, { version: expected + 1, history });
    const kept = this.#of(subject.tenant);
    const written = changes.filter(({ id }) => !kept.has(id));
    for (const change of written) {
      kept.set(change.id, { ...change, acknowledgedAt: null, acknowledgedBy: null });
    }
    if (written.length > 0) {
      this.#trim(subject.tenant, history.lookedAt);
    }
    return Promise.resolve(written);
  }

  forget(subject: Subject): Promise<void> {
    this.#held.delete(keyOf(subject));
    return Promise.resolve();
  }

  page(query: PageQuery): Promise<ChangePage> {
    // The port promises rejections, never exceptions.
    return Promise.resolve().then(() => {
      const size = pageSizeOf(query);
      const found = this.#select(query, rangeOf(query.filter ?? {}, query.after));
      return { changes: found.slice(0, size), hasMore: found.length > size };
    });
  }

  count(query: ChangeQuery): Promise<number> {
    return Promise.resolve(this.#select(query, rangeOf(query.filter ?? {})).length);
  }

  find(tenant: string, ids: readonly string[]): Promise<(StoredChange | null)[]> {
    const kept = this.#of(tenant);
    return Promise.resolve(ids.map((id) => kept.get(id) ?? null));
  }

  acknowledge({ tenant, ids, by, at }: Acknowledgement): Promise<Acknowledged> {
    const kept = this.#of(tenant);
    const result = {
      acknowledged: [] as string[],
      already: [] as string[],
      unknown: [] as string[],
    };
    for (const id of new Set(ids)) {
      const change = kept.get(id);
      if (change === undefined) {
        result.unknown.push(id);
      } else if (change.acknowledgedAt !== null) {
        result.already.push(id);
      } else {
        kept.set(id, { ...change, acknowledgedAt: at, acknowledgedBy: by });
        result.acknowledged.push(id);
      }
    }
    return Promise.resolve(result);
  }

  trim(tenant: string, now: number): Promise<number> {
    return Promise.resolve(this.#trim(tenant, now));
  }

  #select({ tenant, filter = {} }: ChangeQuery, { below, from }: PlaceRange): StoredChange[] {
    return this.#newestFirst(tenant)
      .filter(({ place }) => place < below && place >= from && placeFits(place, filter))
      .map(({ change }) => change)
      .filter((change) => changeFits(change, filter));
  }

  #newestFirst(tenant: string): { place: string; change: StoredChange }[] {
    return [...this.#of(tenant).values()]
      .map((change) => ({ place: placeOf(change), change }))
      .sort((a, b) => (a.place < b.place ? 1 : -1));
  }

  #trim(tenant: string, now: number): number {
    const { most, keepMs } = this.#retention;
    const kept = this.#of(tenant);
    const gone = this.#newestFirst(tenant).filter(
      ({ change }, index) => index >= most || change.detectedAt < now - keepMs,
    );
    for (const { change } of gone) {
      kept.delete(change.id);
    }
    return gone.length;
  }

  #of(tenant: string): Map<string, StoredChange> {
    const changes = this.#changes.get(tenant) ?? new Map<string, StoredChange>();
    this.#changes.set(tenant, changes);
    return changes;
  }
}

function keyOf({ tenant, observable, recordType }: Subject): string {
  return JSON.stringify([tenant, observable.type, recordType, observable.value]);
}
