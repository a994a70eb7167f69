import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { Interval } from '#changes';
import { DEPLOYMENT } from '#watching';

import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import { valueOf } from '../support/watch-world.js';
import type { WatchingCli } from '../support/watching-cli.js';
import { watchingCli } from '../support/watching-cli.js';
import type { WatchingWorld } from '../support/watching-world.js';
import { watchingWorld } from '../support/watching-world.js';

const DAY = 86_400_000;
const MOVING = { type: 'domain', value: 'moving.example.com' } as const;
const STILL = { type: 'domain', value: 'still.example.com' } as const;

interface ShownChange {
  readonly id: string;
  readonly kind: string;
  readonly value: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly watchlists: { id: string; name: string }[];
}
interface ChangesPage {
  readonly changes: ShownChange[];
  readonly nextCursor: string | null;
}

let server: RedisServer;
let world: WatchingWorld;
let cli: WatchingCli;
let listId: string;

beforeAll(async () => {
  server = await startRedis();
  world = await watchingWorld(server.url);
  cli = watchingCli(server.url);
});

beforeEach(async () => {
  await world.redis.flushall();
  world.now = Date.now();
  const list = valueOf(await world.lists.create({ name: 'phish' }, 'olga'));
  listId = list.id;
  const wishes = [{ observable: MOVING }, { observable: STILL }];
  valueOf(await world.members.add(listId, wishes, 'olga'));
});

afterAll(async () => {
  await world.end();
  await server.stop();
});

function dayAgo(days: number): string {
  return new Date(world.now - days * DAY).toISOString().slice(0, 10);
}

function interval(value: string, first: number, last: number): Interval {
  return {
    first: dayAgo(first),
    last: dayAgo(last),
    values: [value],
    orgs: ['Example Hosting Ltd.'],
  };
}

async function look(daysAgo: number, ...intervals: Interval[]): Promise<void> {
  await world.histories.apply({
    tenant: DEPLOYMENT,
    observable: MOVING,
    recordType: 'A',
    at: world.now - daysAgo * DAY,
    intervals,
    reach: 'all',
    watchlists: [listId],
  });
}

/** It was at one hoster until three days ago, and has moved to another. */
async function moved(): Promise<void> {
  await look(5, interval('192.0.2.1', 100, 5));
  await look(0, interval('198.51.100.2', 3, 0), interval('192.0.2.1', 100, 4));
}

describe('changes', () => {
  it('are listed newest first, with the names of their lists', async () => {
    await moved();
    const { changes } = await cli.json<ChangesPage>('changes --list PHISH');
    expect(changes.map(({ kind, value }) => [kind, value]).sort()).toEqual([
      ['ADDED', '198.51.100.2'],
      ['ENDED', '192.0.2.1'],
    ]);
    expect(changes[0]?.watchlists).toEqual([{ id: listId, name: 'phish' }]);
    const { printed } = await cli('changes --kind added --observable moving[.]example[.]com');
    expect(printed).toHaveLength(2);
    expect(printed[1]).toMatch(/ADDED +domain:moving\.example\.com +A +198\.51\.100\.2 .* phish/);
    await expect(
      cli.json<ChangesPage>('changes --observable still.example.com'),
    ).resolves.toMatchObject({ changes: [] });
    await expect(
      cli.json<ChangesPage>('changes --since', new Date(world.now + 1).toISOString()),
    ).resolves.toMatchObject({ changes: [] });
  });

  it('are paged', async () => {
    await moved();
    const first = await cli.json<ChangesPage>('changes --first 1');
    const second = await cli.json<ChangesPage>(`changes --first 1 --after ${first.nextCursor}`);
    expect(second.nextCursor).toBeNull();
    expect(new Set([...first.changes, ...second.changes].map(({ id }) => id)).size).toBe(2);
    const wrong = await cli('changes --after nonsense');
    expect([wrong.exitCode, wrong.remarked]).toEqual([2, expect.stringContaining('cursor')]);
  });

  it('are acknowledged one by one or all at once, by whoever is at the terminal', async () => {
    await moved();
    const { changes } = await cli.json<ChangesPage>('changes');
    const id = changes[0]?.id ?? '';
    await expect(cli.json(`changes --ack ${id}`)).resolves.toMatchObject({ acknowledged: [id] });
    const unknown = await cli('changes --ack ch_unknown');
    expect([unknown.exitCode, unknown.remarked]).toEqual([
      4,
      'NOT_FOUND: there is no change ch_unknown\n',
    ]);
    await expect(cli.json('changes --ack-all --list phish')).resolves.toEqual({
      acknowledged: 1,
      already: 1,
    });
    const after = await cli.json<ChangesPage>('changes');
    expect(after.changes.map(({ acknowledgedBy }) => acknowledgedBy)).toEqual(['olga', 'olga']);
  });
});

describe('history', () => {
  it('is what is held, or what was known at an instant', async () => {
    await moved();
    const known = await cli('history moving.example.com');
    expect(known.printed.slice(1, 4)).toEqual([
      expect.stringMatching(/^VALUES +FIRST +LAST +ORGANIZATIONS$/),
      expect.stringMatching(/^198\.51\.100\.2 .* Example Hosting Ltd\.$/),
      expect.stringMatching(/^192\.0\.2\.1 /),
    ]);
    const at = new Date(world.now - 2 * DAY).toISOString();
    await expect(cli.json('history moving.example.com --type a --at', at)).resolves.toMatchObject({
      asKnownAt: at,
      histories: [{ recordType: 'A', intervals: [{ values: ['192.0.2.1'] }] }],
    });
    for (const words of ['still.example.com', `moving.example.com --at ${dayAgo(30)}`]) {
      const { exitCode, remarked } = await cli(`history ${words}`);
      expect([exitCode, remarked]).toEqual([4, expect.stringMatching(/^NOT_FOUND: nothing /)]);
    }
  });

  it('tells what a list would have raised', async () => {
    await moved();
    const { printed } = await cli(`backtest phish --since ${dayAgo(10)}`);
    expect(printed.filter((line) => /^2.* (ADDED|ENDED) /.test(line))).toHaveLength(2);
    expect(printed.slice(-2)).toEqual([
      '2 changes of 1 observables, 2 of them shown',
      'nothing is held yet of 1 observables',
    ]);
    await expect(cli.json(`backtest phish --since ${dayAgo(1)}`)).resolves.toMatchObject({
      changes: [],
      byObservable: [],
      notHeld: [STILL],
    });
  });
});

describe('quota and ledger', () => {
  async function call(endpoint: string, result: 'answered' | 'failed'): Promise<void> {
    const booking = await world.ledger.book({
      tenant: world.tenant,
      cause: 'REFRESH',
      lane: 'interactive',
      endpoint,
      observable: MOVING,
      payers: [{ watchlistId: listId, monthlyBudget: null }],
    });
    await world.ledger.close(booking, result);
  }

  it('sum up to the calls that were booked, whatever they are grouped by', async () => {
    await call('history', 'answered');
    await call('history', 'failed');
    const { printed } = await cli('ledger --by list');
    expect(printed).toEqual(['LIST   CALLS  FAILED', 'phish      2       1', '2 calls in all']);
    for (const by of ['cause', 'list', 'observable', 'endpoint', 'day']) {
      await expect(cli.json(`ledger --by ${by}`)).resolves.toMatchObject({
        calls: 2,
        rows: [{ calls: 2, failed: 1 }],
      });
    }
    await expect(cli.json('ledger --since 2020-01-01 --until 2020-02-01')).resolves.toMatchObject({
      calls: 0,
      rows: [],
    });
  });

  it('tells what is used, left and planned', async () => {
    await call('history', 'answered');
    await world.ledger.learnUsage(world.tenant, { used: 400, allowed: 1_000 });
    await expect(cli.json('quota')).resolves.toMatchObject({
      used: 400,
      limit: 1_000,
      remaining: 600,
      reserve: 200,
      plannedRefreshCallsPerMonth: 120,
      plannedBasis: 'assumed',
      byList: [{ name: 'phish', callsThisMonth: 1, plannedCallsPerMonth: 120 }],
    });
    const { output } = await cli('quota');
    expect(output).toMatch(/^left +600$/m);
    expect(output).toMatch(
      /^refreshes planned a month +120 at most: no name has been fetched yet$/m,
    );
    expect(output).toMatch(/^refreshes a day +as planned$/m);
    expect(output).toMatch(/^phish +1 +120$/m);
  });

  it('tells what is held back when the quota does not last for the plan', async () => {
    await world.ledger.learnUsage(world.tenant, { used: 799, allowed: 1_000 });
    const { output } = await cli('quota');
    expect(output).toMatch(/^refreshes a day +NORMAL 0 calls, LOW 0 calls, so that the quota/m);
    await expect(cli.json('quota')).resolves.toMatchObject({
      callsPerDayByPriority: { NORMAL: 0, LOW: 0 },
    });
  });

  it('previews when the quota would end, and the interval that fits', async () => {
    await world.ledger.learnUsage(world.tenant, { used: 990, allowed: 1_000 });
    const { output } = await cli('observables add phish a.example.com b.example.com --dry-run');
    expect(output).toMatch(/^the quota would end +\d{4}-\d\d-\d\dT\d\d:\d\dZ$/m);
    expect(output).toMatch(/^shortest interval that fits +none$/m);
  });
});

describe('the queue', () => {
  it('tells whether refreshes go on and what is due', async () => {
    await world.ledger.learnUsage(world.tenant, { used: 0, allowed: 1_000 });
    world.now += DAY;
    const later = watchingCli(server.url, { now: () => world.now });
    const { output } = await later('queue');
    expect(output).toMatch(/^refreshing +goes on$/m);
    expect(output).toMatch(/^observables due +2$/m);
    expect(output).toMatch(/^workers +0$/m);
    await expect(later.json('queue')).resolves.toMatchObject({
      work: { state: 'RUNNING', rest: null, halts: [] },
      queue: { name: 'refresh', paused: false, workers: 0, oldestWaitingSeconds: null },
      due: { total: 2, byPriority: { LOW: 0, NORMAL: 2, HIGH: 0 } },
    });
  });

  it('tells why they rest', async () => {
    await world.halts.refused(world.tenant, 'key', 'bad_key');
    const { output } = await cli('queue');
    expect(output).toMatch(/^refreshing +rests: bad_key, since \S+Z, until \S+Z$/m);
    expect(output).toMatch(/^halted: the API key +bad_key/m);
  });

  it('takes wishes for a list or for one value, and says when nobody is there to do them', async () => {
    const list = await cli('refresh phish');
    expect([list.exitCode, list.output]).toEqual([0, 'phish: 2 to be refreshed, 0 were already\n']);
    expect(list.remarked).toMatch(/^No worker is running/);
    await expect(cli.json('refresh other[.]example[.]com')).resolves.toEqual({
      enqueued: 1,
      alreadyQueued: 0,
    });
    await expect(cli.json('refresh other.example.com')).resolves.toEqual({
      enqueued: 0,
      alreadyQueued: 1,
    });
    await expect(cli.json('queue')).resolves.toMatchObject({
      queue: { counts: { prioritized: 1 }, oldestWaitingSeconds: expect.any(Number) },
      due: { total: 2 },
    });
    const none = await cli('refresh nowhere');
    expect([none.exitCode, none.remarked]).toEqual([
      4,
      'NOT_FOUND: no watchlist has the name or id nowhere, and it is no domain or address\n',
    ]);
  });
});

describe('a Redis user with the rights that SECURITY.md names', () => {
  it('may do what the command line does', async () => {
    const text = await readFile('SECURITY.md', 'utf8');
    const [, rights = ''] = /`ACL SETUSER relay on >… ([^`]+)`/.exec(text) ?? [];
    await world.redis.call('ACL', 'SETUSER', 'relay', 'on', '>pass', ...rights.split(' '));
    const limited = watchingCli(server.url.replace('//', '//relay:pass@'));
    const commands = [
      'lists create other',
      'observables add other a.example.com',
      'refresh other',
      'refresh b.example.com',
      'queue',
      'quota',
      'ledger',
      'changes',
      'lists export',
      'lists delete other --yes',
    ];
    for (const words of commands) {
      const { exitCode, remarked } = await limited(words);
      expect([words, exitCode, remarked]).toEqual([
        words,
        0,
        expect.not.stringContaining('NOPERM'),
      ]);
    }
  });
});

describe('watch', () => {
  async function settleAll(): Promise<void> {
    for (const observable of [MOVING, STILL]) {
      await world.schedule.settle(observable, { outcome: 'ok', at: Date.now() });
    }
  }

  it('shows refreshes and changes of the list as they go, until the operator interrupts', async () => {
    await moved();
    const { changes } = await world.changes.page({ tenant: DEPLOYMENT, first: 1 });
    const refresh = {
      kind: 'refresh',
      observable: MOVING,
      state: 'FETCHING',
      pagesFetched: 1,
      pagesTotal: 3,
      at: world.now,
      error: null,
      watchlistIds: [listId],
    } as const;
    const interrupted = new AbortController();
    const following = (...more: string[]) => {
      let remarks = 0;
      return watchingCli(server.url, {
        interruption: () => interrupted.signal,
        // It listens by then.
        remark: (text) => {
          if (text.startsWith('--') && remarks++ === 0) {
            world.progress.tell([
              { ...refresh, observable: STILL, watchlistIds: ['wl_0123456789abcdef'] },
              refresh,
              ...changes.map((change) => ({ kind: 'change', change }) as const),
            ]);
          }
        },
        print: (line) => {
          printed.push(line);
          if (line.includes('ADDED') || line.includes('ENDED')) {
            interrupted.abort();
          }
        },
      })('watch', ...more);
    };
    const printed: string[] = [];
    await expect(following('phish')).resolves.toMatchObject({ exitCode: 0 });
    expect(printed).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\dZ FETCHING domain:moving\.example\.com, page 1 of 3$/),
      expect.stringMatching(/^\S+Z (ADDED|ENDED) domain:moving\.example\.com A \S+ \[phish\]$/),
    ]);
  });

  it('ends by itself when nothing is left to be refreshed', async () => {
    await settleAll();
    const { exitCode, printed } = await cli('watch --until-idle --json');
    expect(exitCode).toBe(0);
    expect(printed.map((line) => JSON.parse(line) as object)).toEqual([
      { kind: 'progress', total: 2, neverFetched: 0, due: 0, refreshing: 0, failing: 0 },
    ]);
  });

  it('goes on until what is due has been refreshed', async () => {
    let remarks = '';
    const patient = watchingCli(server.url, {
      remark: (text) => {
        remarks += text;
        if (text.includes('-- 0 %')) {
          void settleAll();
        }
      },
    });
    await expect(patient('watch phish --until-idle')).resolves.toMatchObject({ exitCode: 0 });
    expect(remarks).toMatch(/-- 0 %: 0 of 2 need nothing; 2 new.*\n-- 100 %: 2 of 2/);
  });

  it('does not wait for work that rests', async () => {
    await world.halts.refused(world.tenant, 'key', 'bad_key');
    const { exitCode, remarked } = await cli('watch --until-idle');
    expect([exitCode, remarked]).toEqual([
      1,
      expect.stringMatching(/\nrefreshing rests: bad_key, since .*\n$/),
    ]);
  });
});

describe('a Redis that goes away', () => {
  it('ends the command with one line and exit code 69', async () => {
    const dying = await startRedis();
    try {
      let remarks = '';
      const following = watchingCli(dying.url, {
        remark: (text) => {
          remarks += text;
          if (text.startsWith('--')) {
            void dying.kill();
          }
        },
      });
      await expect(following('watch')).resolves.toMatchObject({ exitCode: 69 });
      expect(remarks).toMatch(/\nRedis \(REDIS_URL\) is away: .+\n$/);
    } finally {
      await dying.stop();
    }
  });

  it('ends it also when it is frozen from the start', async () => {
    const frozen = await startRedis();
    try {
      frozen.freeze();
      const { exitCode, remarked } = await watchingCli(frozen.url)('lists');
      expect([exitCode, remarked]).toEqual([69, 'Redis (REDIS_URL) is away: it does not answer\n']);
    } finally {
      await frozen.stop();
    }
  });
});
