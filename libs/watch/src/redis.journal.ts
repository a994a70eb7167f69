import type { Cluster, Redis } from 'ioredis';

import { WatchError } from './fault.js';
import type { Accepted, Journal, JournalEntry } from './list-store.port.js';
import { commit } from './redis.commit.js';
import { CHANGED, JOURNAL, journalPartsKey, membersKey, RULES, statesKey } from './redis.keys.js';

const KINDS = ['add', 'remove', 'replan', 'drop'] as const;
/** Parts that were never accepted, because the process died before, go away by themselves. */
const UNACCEPTED_SECONDS = 3_600;

/** Large changes in Redis: an order list of them, and a list of parts for each that has any. */
export class RedisJournal implements Journal {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async accept(
    entry: JournalEntry,
    parts: AsyncIterable<string> | Iterable<string>,
    limit: number,
  ): Promise<Accepted> {
    const key = journalPartsKey(entry.id);
    let count = 0;
    for await (const part of parts) {
      await this.#redis.rpush(key, `${count} ${part}`);
      await this.#redis.expire(key, UNACCEPTED_SECONDS);
      count += 1;
    }
    const room = entry.kind === 'add' ? entry.size : 0;
    const rule = await this.#redis.hget(RULES, String(entry.no));
    const [broken = -1] = await commit(this.#redis, [
      {
        expects: [
          ['idle', JOURNAL],
          ['field', RULES, String(entry.no), rule ?? '-'],
          ['room', membersKey(entry.no), room, room === 0 ? Number.MAX_SAFE_INTEGER : limit],
        ],
        writes: [
          ['PERSIST', key],
          ['RPUSH', JOURNAL, encodeJournalEntry(entry)],
        ],
      },
    ]);
    if (broken >= 0) {
      await this.#redis.unlink(key);
    }
    return (['idle', 'list', 'room'] as const)[broken] ?? 'accepted';
  }

  async first(): Promise<JournalEntry | undefined> {
    const text = await this.#redis.lindex(JOURNAL, 0);
    return text === null ? undefined : decodeJournalEntry(text);
  }

  async part(id: string): Promise<{ mark: string; text: string } | undefined> {
    const part = await this.#redis.lindex(journalPartsKey(id), 0);
    if (part === null) {
      return undefined;
    }
    const end = part.indexOf(' ') + 1;
    return { mark: part.slice(0, end), text: part.slice(end) };
  }

  async close(entry: JournalEntry): Promise<void> {
    const { id, no, kind } = entry;
    await commit(this.#redis, [
      {
        expects: [
          ['head', JOURNAL, `${id} `],
          ['idle', journalPartsKey(id)],
        ],
        writes: [
          ['LPOP', JOURNAL],
          // A settlement that was on its way may have told of a change after the list was gone.
          ...(kind === 'drop'
            ? [
                ['DEL', membersKey(no), statesKey(no)],
                ['ZREM', CHANGED, String(no)],
              ]
            : []),
        ],
      },
    ]);
  }
}

/** `id kind number size`. */
export function encodeJournalEntry({ id, kind, no, size }: JournalEntry): string {
  return `${id} ${kind} ${no} ${size}`;
}

function decodeJournalEntry(text: string): JournalEntry {
  const [id, kindText, no, size] = text.split(' ');
  const kind = KINDS.find((known) => known === kindText);
  if (id === undefined || kind === undefined) {
    throw new WatchError('damaged', 'A change of watchlists is stored in an unknown form');
  }
  return { id, kind, no: Number(no), size: Number(size) };
}
