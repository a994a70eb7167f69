import type { Cluster, Redis } from 'ioredis';

import { hourOf, monthOf, dayOf } from './calendar.js';
import type {
  Books,
  BookingReply,
  BookingRequest,
  DayLine,
  Entry,
  LedgerStore,
  ObservableLine,
  Settlement,
  UsageClaim,
} from './ledger-store.port.js';
import {
  booksFrom,
  dayLineFrom,
  observableLinesFrom,
  refusedFrom,
  standingFrom,
} from './redis.ledger-codec.js';
import { baseKey, dayKey, monthKey, observablesKey, paceKey, TENANTS } from './redis.keys.js';
import { BOOK, CLAIM, LEARN, SETTLE, SWEEP } from './redis.scripts.js';
import type { Recollection } from './recollection.js';
import type { Reading, Rules, Standing } from './standing.js';

/**
 * The ledger in the durable Redis. Its connection should be one whose commands end while Redis is
 * away: a call waits for its booking.
 */
export class RedisLedgerStore implements LedgerStore {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async book(request: BookingRequest): Promise<BookingReply> {
    const { id, tenant, entry, rules, known } = request;
    const text = JSON.stringify({
      entry: entryText(entry, null),
      background: request.isBackground,
      payers: request.payers.map(({ watchlistId, monthlyBudget }) =>
        present({ id: watchlistId, budget: monthlyBudget }),
      ),
      rules: rulesText(rules),
      known: knownText(known),
    });
    const keys = [baseKey(tenant), monthKey(tenant, monthOf(entry.at))];
    const trial = request.isTrial ? 1 : 0;
    const reply = await this.#run(BOOK, keys, [id, tenant, text, trial]);
    const [refused, list, standing] = reply;
    return {
      refused: refusedFrom(refused),
      watchlistId: list === '' ? null : String(list),
      standing: standingFrom(standing),
    };
  }

  async settle(tenant: string, settlements: readonly Settlement[]): Promise<void> {
    const pipeline = this.#redis.pipeline();
    for (const { id, result, unbooked, mayArrive } of settlements) {
      const entry =
        unbooked === undefined
          ? ''
          : JSON.stringify(entryText(unbooked.entry, unbooked.watchlistId));
      pipeline.eval(SETTLE, 1, baseKey(tenant), id, result, entry, mayArrive === true ? 1 : 0);
    }
    answersOf(await pipeline.exec());
  }

  async sweep(before: number): Promise<number> {
    const tenants = await this.#redis.smembers(TENANTS);
    const pipeline = this.#redis.pipeline();
    for (const tenant of tenants) {
      pipeline.eval(SWEEP, 1, baseKey(tenant), before);
    }
    const counts = answersOf(await pipeline.exec());
    return counts.reduce<number>((sum, count) => sum + Number(count), 0);
  }

  async books(tenant: string, at: number): Promise<Books> {
    const [month, pace] = await Promise.all([
      this.#redis.hgetall(monthKey(tenant, monthOf(at))),
      this.#redis.hgetall(paceKey(tenant)),
    ]);
    return booksFrom(month, pace);
  }

  async dayLines(tenant: string, days: readonly string[]): Promise<readonly DayLine[]> {
    const hashes = await this.#hashes(days.map((day) => dayKey(tenant, day)));
    return days.flatMap((day, index) =>
      [...(hashes[index] ?? [])].map(([field, calls]) => dayLineFrom(day, field, calls)),
    );
  }

  async observableLines(
    tenant: string,
    days: readonly string[],
  ): Promise<readonly ObservableLine[]> {
    const hashes = await this.#hashes(days.map((day) => observablesKey(tenant, day)));
    return days.flatMap((day, index) => observableLinesFrom(day, hashes[index] ?? new Map()));
  }

  async claim(claim: UsageClaim): Promise<{ isWanted: boolean; standing: Standing }> {
    const { tenant, at, rules, known, timing, isUsedUp } = claim;
    const keys = [baseKey(tenant), monthKey(tenant, monthOf(at))];
    const text = JSON.stringify({
      at,
      rules: rulesText(rules),
      known: knownText(known),
      timing,
      usedUp: isUsedUp,
    });
    const [isWanted, standing] = await this.#run(CLAIM, keys, [text]);
    return { isWanted: isWanted === 1, standing: standingFrom(standing) };
  }

  async learn(
    tenant: string,
    at: number,
    usage: Pick<Reading, 'used' | 'allowed'> | null,
  ): Promise<Standing> {
    const keys = [baseKey(tenant), monthKey(tenant, monthOf(at))];
    const said = [usage?.used ?? '', usage?.allowed ?? '', usage === null ? 1 : 0];
    return standingFrom(await this.#run(LEARN, keys, [at, ...said]));
  }

  async #run(
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<readonly unknown[]> {
    const reply = await this.#redis.eval(script, keys.length, ...keys, ...args);
    return reply as readonly unknown[];
  }

  /** Hashes in one round trip. */
  async #hashes(keys: readonly string[]): Promise<readonly ReadonlyMap<string, number>[]> {
    const pipeline = this.#redis.pipeline();
    for (const key of keys) {
      pipeline.hgetall(key);
    }
    return answersOf(await pipeline.exec()).map((hash) => {
      const fields = Object.entries(hash as Record<string, string>);
      return new Map(fields.map(([field, calls]) => [field, Number(calls)]));
    });
  }
}

/** @throws what the first failed command answered */
function answersOf(answers: [Error | null, unknown][] | null): readonly unknown[] {
  return (answers ?? []).map(([error, answer]) => {
    if (error !== null) {
      throw error;
    }
    return answer;
  });
}

/** Lua has no use for null: it would be a value there. */
function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function rulesText({ hardLimit, reserve }: Rules): Record<string, unknown> {
  return present({ hard: hardLimit, reserve });
}

function knownText({ generation, count, before, reading }: Recollection): Record<string, unknown> {
  return present({
    gen: generation,
    count,
    before,
    reading: reading === null ? null : present({ ...reading }),
  });
}

function entryText({ at, ...entry }: Entry, watchlistId: string | null): Record<string, unknown> {
  return {
    ...entry,
    at,
    month: monthOf(at).replaceAll('-', ''),
    day: dayOf(at).replaceAll('-', ''),
    hour: hourOf(at),
    list: watchlistId ?? '',
  };
}
