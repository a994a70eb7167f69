import type { Cluster, Redis } from 'ioredis';

import type { DueReader, MemberRange, MemberReader } from './entry-store.port.js';
import type { ObservableKey } from './observable-key.js';
import { readMany } from './redis.commit.js';
import { ruleBook } from './redis.entry-store.js';
import { CHANGED, EXPIRIES, LEASES, membersKey, RULES, statesKey, TURNS } from './redis.keys.js';
import type { RuleBook } from './schedule.js';
import type { ScoreRange } from './state-index.js';

/** Reads over lists and over what is due; each a range of a sorted set. */
export class RedisMemberReader implements MemberReader, DueReader {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async keys(no: number, { after, prefix = '', limit }: MemberRange): Promise<ObservableKey[]> {
    // '!' follows the space that ends every key, so it begins behind the whole place.
    const start = after === undefined || after < prefix ? startOf(prefix) : `(${after}!`;
    const members = await this.#redis.zrangebylex(
      membersKey(no),
      start,
      endOf(prefix),
      'LIMIT',
      0,
      limit,
    );
    return members.map(memberKey);
  }

  async atRanks(no: number, ranks: readonly number[]): Promise<ObservableKey[]> {
    const answers = await readMany(
      this.#redis,
      ranks.map((rank) => ['ZRANGE', membersKey(no), rank, rank]),
    );
    return (answers as string[][]).flat().map(memberKey);
  }

  async count(no: number, prefix: string): Promise<number> {
    return prefix === ''
      ? this.#redis.zcard(membersKey(no))
      : this.#redis.zlexcount(membersKey(no), startOf(prefix), endOf(prefix));
  }

  async countRanges(
    asked: readonly { readonly no: number; readonly range: ScoreRange }[],
  ): Promise<number[]> {
    const counts = await readMany(
      this.#redis,
      asked.map(({ no, range }) => ['ZCOUNT', statesKey(no), range.min, range.max]),
    );
    return counts.map(Number);
  }

  async inRanges(
    asked: readonly { readonly no: number; readonly range: ScoreRange; readonly limit: number }[],
  ): Promise<{ key: ObservableKey; score: number }[][]> {
    const answers = await readMany(
      this.#redis,
      asked.map(({ no, range, limit }) => [
        'ZRANGE',
        statesKey(no),
        range.min,
        range.max,
        'BYSCORE',
        'LIMIT',
        0,
        limit,
        'WITHSCORES',
      ]),
    );
    return answers.map((answer) => scored(answer as unknown[]));
  }

  async lastChanges(nos: readonly number[]): Promise<(number | null)[]> {
    const scores = nos.length === 0 ? [] : await this.#redis.zmscore(CHANGED, ...nos.map(String));
    return scores.map((score) => (score === null ? null : Number(score)));
  }

  async allRules(): Promise<RuleBook> {
    const rules = Object.entries(await this.#redis.hgetall(RULES));
    return ruleBook(
      rules.map(([no]) => Number(no)),
      rules.map(([, text]) => text),
    );
  }

  async expiredLeases(now: number, limit: number): Promise<ObservableKey[]> {
    return this.#redis.zrangebyscore(LEASES, '-inf', now, 'LIMIT', 0, limit);
  }

  async unbookedExpiries(now: number, limit: number): Promise<ObservableKey[]> {
    const members = await this.#redis.zrangebyscore(EXPIRIES, '-inf', now, 'LIMIT', 0, limit);
    return [...new Set(members.map((member) => member.slice(member.indexOf(' ') + 1)))];
  }

  async takeTurns(count: number): Promise<number> {
    return (await this.#redis.incrby(TURNS, count)) - count;
  }
}

function memberKey(member: string): ObservableKey {
  return member.slice(0, member.indexOf(' '));
}

function startOf(prefix: string): string {
  return prefix === '' ? '-' : `[${prefix}`;
}

/** Behind everything that begins so: no key holds '~'. */
function endOf(prefix: string): string {
  return prefix === '' ? '+' : `(${prefix}~`;
}

/** Pairs, flat or nested: that depends on the version of the protocol. */
function scored(answer: readonly unknown[]): { key: ObservableKey; score: number }[] {
  const flat = answer.flat();
  return Array.from({ length: flat.length / 2 }, (_, index) => ({
    key: String(flat[2 * index]),
    score: Number(flat[2 * index + 1]),
  }));
}
