import type { Cluster, Redis } from 'ioredis';

import { WatchError } from './fault.js';
import type { JournalEntry, ListSaved, ListStore } from './list-store.port.js';
import { foldedName } from './plain-text.js';
import { commit } from './redis.commit.js';
import type { Command, Expectation, Group } from './redis.commit.js';
import { encodeJournalEntry } from './redis.journal.js';
import { CHANGED, JOURNAL, LAST_NUMBER, LISTS, NAMES, RULES } from './redis.keys.js';
import { encodeRule, ruleOf } from './rule.codec.js';
import type { Watchlist } from './watchlist.js';

/** Lists in Redis. There are few of them, so pages and filters go over all. */
export class RedisListStore implements ListStore {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async all(): Promise<Watchlist[]> {
    const texts = await this.#redis.hvals(LISTS);
    return texts.map(decodeList).sort((one, other) => one.no - other.no);
  }

  async byIds(ids: readonly string[]): Promise<(Watchlist | undefined)[]> {
    const texts = ids.length === 0 ? [] : await this.#redis.hmget(LISTS, ...ids);
    return texts.map((text) => (text === null ? undefined : decodeList(text)));
  }

  async nextNumber(): Promise<number> {
    return this.#redis.incr(LAST_NUMBER);
  }

  async insert(list: Watchlist, limit: number): Promise<ListSaved> {
    const { name } = list;
    return this.#save(['changed', 'taken', 'full'], {
      expects: [
        ['field', LISTS, list.id, false],
        ['field', NAMES, foldedName(name), false],
        ['fewer', LISTS, limit],
      ],
      writes: [['HSET', NAMES, foldedName(name), list.id], ...listWrites(list)],
    });
  }

  async replace(before: Watchlist, after: Watchlist, replanId?: string): Promise<ListSaved> {
    const [oldName, name] = [foldedName(before.name), foldedName(after.name)];
    const renamed = oldName !== name;
    const free: Expectation[] = renamed ? [['field', NAMES, name, false]] : [];
    const rename: Command[] = renamed
      ? [
          ['HDEL', NAMES, oldName],
          ['HSET', NAMES, name, after.id],
        ]
      : [];
    return this.#save(['changed', 'taken'], {
      expects: [['field', LISTS, before.id, JSON.stringify(before)], ...free],
      writes: [...rename, ...listWrites(after), ...follow('replan', after.no, replanId)],
    });
  }

  async remove(list: Watchlist, dropId: string): Promise<ListSaved> {
    return this.#save(['changed'], {
      expects: [['field', LISTS, list.id, JSON.stringify(list)]],
      writes: [
        ['HDEL', LISTS, list.id],
        ['HDEL', NAMES, foldedName(list.name)],
        ['HDEL', RULES, String(list.no)],
        ['ZREM', CHANGED, String(list.no)],
        ...follow('drop', list.no, dropId),
      ],
    });
  }

  async #save(broken: readonly ListSaved[], group: Group): Promise<ListSaved> {
    const [which = -1] = await commit(this.#redis, [group]);
    return which < 0 ? 'saved' : (broken[which] ?? 'changed');
  }
}

function listWrites(list: Watchlist): Command[] {
  return [
    ['HSET', LISTS, list.id, JSON.stringify(list)],
    ['HSET', RULES, String(list.no), encodeRule(ruleOf(list))],
  ];
}

function follow(kind: JournalEntry['kind'], no: number, id: string | undefined): Command[] {
  return id === undefined
    ? []
    : [['RPUSH', JOURNAL, encodeJournalEntry({ id, kind, no, size: 0 })]];
}

function decodeList(text: string): Watchlist {
  try {
    return JSON.parse(text) as Watchlist;
  } catch (cause) {
    throw new WatchError('damaged', 'A watchlist is stored in an unknown form', { cause });
  }
}
