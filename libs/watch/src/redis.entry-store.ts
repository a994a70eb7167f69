import type { Cluster, Redis } from 'ioredis';

import type { Entry, Membership } from './entry.js';
import { decodeMember, decodeRecord } from './entry.codec.js';
import type { EntryRecord } from './entry.codec.js';
import type {
  EntryChange,
  EntryStore,
  Guard,
  HeldEntry,
  Holdings,
  Saved,
} from './entry-store.port.js';
import type { ObservableKey } from './observable-key.js';
import { commit, readMany } from './redis.commit.js';
import type { Command, Expectation } from './redis.commit.js';
import { changeGroup } from './redis.entry-writes.js';
import { JOURNAL, journalPartsKey, membersKey, recordsKey, RULES } from './redis.keys.js';
import { decodeRule, encodeRule } from './rule.codec.js';
import type { RuleBook } from './schedule.js';

interface StoredRecord {
  readonly key: ObservableKey;
  readonly text: string;
  readonly record: EntryRecord;
}

/** Entries in Redis: one record an observable, one place a list, and the indexes over both. */
export class RedisEntryStore implements EntryStore {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  /** Two round trips for any number of keys. What changes in between shows when it is saved. */
  async load(keys: readonly ObservableKey[], lists: readonly number[] = []): Promise<Holdings> {
    const texts = await readMany(
      this.#redis,
      keys.map((key) => ['HGET', recordsKey(key), key]),
    );
    const records = keys.flatMap((key, index): StoredRecord[] => {
      const text = texts[index];
      return typeof text === 'string' ? [{ key, text, record: decodeRecord(text) }] : [];
    });
    return this.#withPlaces(records, lists);
  }

  async saveTogether(
    changes: readonly EntryChange[],
    guards: readonly Guard[],
    now: number,
  ): Promise<Saved> {
    const groups = changes.map((change) => changeGroup(change, now));
    const [broken = -1] = await commit(this.#redis, [
      {
        expects: [...guards.map(expectation), ...groups.flatMap(({ expects }) => expects)],
        writes: [...groups.flatMap(({ writes }) => writes), ...guards.flatMap(guardWrites)],
      },
    ]);
    return broken < 0 ? 'saved' : (guards[broken]?.kind ?? 'raced');
  }

  async saveEach(changes: readonly EntryChange[], now: number): Promise<Set<ObservableKey>> {
    const broken = await commit(
      this.#redis,
      changes.map((change) => changeGroup(change, now)),
    );
    return new Set(changes.flatMap(({ key }, index) => (broken[index] === -1 ? key : [])));
  }

  async #withPlaces(records: readonly StoredRecord[], lists: readonly number[]): Promise<Holdings> {
    const places = records.flatMap(({ key, record }) => record.lists.map((no) => ({ key, no })));
    const nos = [...new Set([...lists, ...places.map(({ no }) => no)])];
    const [rules, ...members] = await readMany(this.#redis, [
      ['HMGET', RULES, ...(nos.length === 0 ? ['-'] : nos.map(String))],
      ...places.map(({ key, no }): Command => [
        'ZRANGEBYLEX',
        membersKey(no),
        `[${key} `,
        `(${key}!`,
        'LIMIT',
        '0',
        '1',
      ]),
    ]);
    const memberships = placesByKey(places, members as string[][]);
    const entries = records.map(({ key, text, record }): [ObservableKey, HeldEntry] => {
      const entry: Entry = {
        key,
        facts: record.facts,
        memberships: memberships.get(key) ?? new Map(),
      };
      return [key, { entry, version: text }];
    });
    return { entries: new Map(entries), rules: ruleBook(nos, rules as (string | null)[]) };
  }
}

function placesByKey(
  places: readonly { readonly key: ObservableKey; readonly no: number }[],
  members: readonly (readonly string[])[],
): Map<ObservableKey, Map<number, Membership>> {
  const byKey = new Map<ObservableKey, Map<number, Membership>>();
  for (const [index, { key, no }] of places.entries()) {
    const text = members[index]?.[0];
    if (text !== undefined) {
      const ofKey = byKey.get(key) ?? new Map<number, Membership>();
      byKey.set(key, ofKey.set(no, decodeMember(text).membership));
    }
  }
  return byKey;
}

export function ruleBook(nos: readonly number[], texts: readonly (string | null)[]): RuleBook {
  return new Map(
    nos.flatMap((no, index) => {
      const text = texts[index] ?? null;
      return text === null ? [] : [[no, decodeRule(no, text)] as const];
    }),
  );
}

function expectation(guard: Guard): Expectation {
  switch (guard.kind) {
    case 'list': {
      const rule = guard.rules.get(guard.no);
      // A list without a rule is gone, and no text is this one.
      return ['field', RULES, String(guard.no), rule === undefined ? '-' : encodeRule(rule)];
    }
    case 'room':
      return ['room', membersKey(guard.no), guard.more, guard.limit];
    case 'idle':
      return ['idle', JOURNAL];
    case 'part':
      return ['head', journalPartsKey(guard.journalId), guard.part];
    case 'journal':
      return ['head', JOURNAL, guard.journalId];
  }
}

function guardWrites(guard: Guard): Command[] {
  return guard.kind === 'part' ? [['LPOP', journalPartsKey(guard.journalId)]] : [];
}
