import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEPLOYMENT } from '#watching';

import type { Simulator } from '../../tools/simulator/simulator.js';
import { startSimulator } from '../../tools/simulator/simulator.js';
import { ask, codesOf, opsToken, OPS_SECRET, opsWorld } from '../support/ops-world.js';
import type { OpsWorld } from '../support/ops-world.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import { countTurns } from '../support/redis-turns.js';
import type { CountedRedis } from '../support/redis-turns.js';
import { API_KEY, post } from '../support/relay-stack.js';
import { domain, hosts, valueOf } from '../support/watch-world.js';
import type { WatchingWorld } from '../support/watching-world.js';
import { watchingWorld } from '../support/watching-world.js';

let redis: RedisServer;
let counted: CountedRedis;
let simulator: Simulator;
let world: OpsWorld;
let watching: WatchingWorld;

beforeAll(async () => {
  redis = await startRedis();
  counted = await countTurns(redis.port);
  simulator = await startSimulator({
    keys: { [API_KEY]: { perSecond: 100_000, monthly: 10_000_000 } },
  });
  world = await opsWorld(redis, {
    REDIS_URL: counted.url,
    OPS_JWT_SECRET: OPS_SECRET,
    SECURITYTRAILS_API_URL: simulator.url,
    SECURITYTRAILS_RPS: '1000',
  });
  watching = await watchingWorld(redis.url);
});

beforeEach(async () => {
  await watching.redis.flushall();
});

afterAll(async () => {
  await watching.end();
  await world.stop();
  await simulator.close();
  await counted.stop();
  await redis.stop();
});

/** Of the shape that was asked for. */
type Loose = ReturnType<JSON['parse']>;

interface ListPage {
  readonly nodes: readonly { readonly name: string }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/** What an operation answers when nothing goes wrong. */
async function data(query: string, variables: object = {}): Promise<Loose> {
  const answer = await ask(world, query, { variables, token: opsToken('ADMIN') });
  expect(codesOf(answer)).toEqual([]);
  return answer.json.data as Loose;
}

async function list(name = 'watched'): Promise<string> {
  const query = 'mutation($n: String!) { createWatchlist(input: {name: $n}) { watchlist { id } } }';
  return String((await data(query, { n: name })).createWatchlist.watchlist.id);
}

describe('watchlists', () => {
  it('are made as asked, by the subject of the token', async () => {
    const made = await data(`mutation {
      createWatchlist(input: { name: " Brand ", tags: ["a", "a"], priority: HIGH, monthlyCallBudget: 5 }) {
        watchlist { name tags priority enabled refreshIntervalSeconds monthlyCallBudget createdBy muted }
        userErrors { code }
      }
    }`);
    expect(made.createWatchlist).toEqual({
      watchlist: {
        name: 'Brand',
        tags: ['a'],
        priority: 'HIGH',
        enabled: true,
        refreshIntervalSeconds: 86_400,
        monthlyCallBudget: 5,
        createdBy: 'lead@example.com',
        muted: false,
      },
      userErrors: [],
    });
  });

  it('tell what is wrong with an input, and where; then nothing is made', async () => {
    await list('taken');
    const refused = await data(`mutation {
      a: createWatchlist(input: { name: "Taken" }) { watchlist { id } userErrors { field code } }
      b: createWatchlist(input: { name: "x", tags: ["ok", ""], refreshIntervalSeconds: 5 }) {
        watchlist { id } userErrors { field code message }
      }
    }`);
    expect(refused.a).toEqual({
      watchlist: null,
      userErrors: [{ field: ['name'], code: 'CONFLICT' }],
    });
    expect(refused.b.userErrors).toMatchObject([
      { field: ['tags', '1'], code: 'INVALID' },
      { field: ['refreshIntervalSeconds'], code: 'INVALID' },
    ]);
    expect((await data('{ watchlists { totalCount } }')).watchlists.totalCount).toBe(1);
  });

  it('keep what an update leaves out, and lose what it sets to null', async () => {
    const id = await list();
    const update = `mutation($i: UpdateWatchlistInput!) {
      updateWatchlist(input: $i) { watchlist { name description muted } userErrors { field code } }
    }`;
    await data(update, { i: { id, description: 'why', muted: true } });
    const { updateWatchlist } = await data(update, { i: { id, description: null } });
    expect(updateWatchlist.watchlist).toEqual({ name: 'watched', description: null, muted: true });
    const refused = await data(update, { i: { id, name: null } });
    expect(refused.updateWatchlist).toEqual({
      watchlist: null,
      userErrors: [{ field: ['name'], code: 'INVALID' }],
    });
  });

  it('can be deleted twice: the second time they are not there', async () => {
    const id = await list();
    const remove = `mutation($id: ID!) {
      deleteWatchlist(input: { id: $id }) { deletedId userErrors { field code } }
    }`;
    expect((await data(remove, { id })).deleteWatchlist).toEqual({ deletedId: id, userErrors: [] });
    expect((await data(remove, { id })).deleteWatchlist).toEqual({
      deletedId: null,
      userErrors: [{ field: ['id'], code: 'NOT_FOUND' }],
    });
  });

  it('go page by page, also while items come and go', async () => {
    const ids = [await list('a'), await list('b'), await list('c'), await list('d')];
    const page = async (after: string | null): Promise<ListPage> => {
      const answer = await data(
        `query($after: String) { watchlists(first: 2, after: $after) {
            totalCount nodes { name } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor }
          } }`,
        { after },
      );
      return answer.watchlists as ListPage;
    };
    const first = await page(null);
    expect(first).toMatchObject({
      totalCount: 4,
      nodes: [{ name: 'a' }, { name: 'b' }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    valueOf(await watching.lists.delete(ids[1] ?? ''));
    await list('e');
    const second = await page(first.pageInfo.endCursor);
    expect(second.nodes).toEqual([{ name: 'c' }, { name: 'd' }]);
    expect((await page(second.pageInfo.endCursor)).pageInfo.hasNextPage).toBe(false);
  });

  it.each([0, -1, 101])('have no page of %d', async (first) => {
    const answer = await ask(world, `{ watchlists(first: ${first}) { totalCount } }`);
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('observables on lists', () => {
  const ADD = `mutation($i: AddObservablesInput!) { addObservables(input: $i) {
    added { observable { type value } note state addedBy watchlist { name } } alreadyWatched
    rejected { line value reason } preview { accepted firstFetchCalls callsPerMonth affordableIntervalSeconds }
    watchlist { summary { total neverFetched } } userErrors { field code }
  } }`;

  it('are added in their canonical form; what cannot be one is rejected', async () => {
    const watchlistId = await list();
    const observables = [
      { type: 'DOMAIN', value: 'WWW.Example.com.', note: 'home' },
      { type: 'IP', value: '999.0.0.1' },
    ];
    const input = { watchlistId, observables };
    const { addObservables } = await data(ADD, { i: input });
    expect(addObservables).toMatchObject({
      added: [
        {
          observable: { type: 'DOMAIN', value: 'www.example.com' },
          note: 'home',
          state: 'PENDING',
          addedBy: 'lead@example.com',
          watchlist: { name: 'watched' },
        },
      ],
      alreadyWatched: 0,
      rejected: [{ line: null, value: '999.0.0.1' }],
      preview: null,
      watchlist: { summary: { total: 1, neverFetched: 1 } },
      userErrors: [],
    });
    const again = await data(ADD, { i: input });
    expect(again.addObservables).toMatchObject({ added: [], alreadyWatched: 1 });
  });

  it('are only counted in a dry run', async () => {
    const watchlistId = await list();
    const observables = [{ type: 'DOMAIN', value: 'a.example.com' }];
    const { addObservables } = await data(ADD, { i: { watchlistId, observables, dryRun: true } });
    expect(addObservables).toMatchObject({
      added: [],
      preview: { accepted: 1, firstFetchCalls: 2, callsPerMonth: 60 },
      watchlist: { summary: { total: 0 } },
    });
  });

  it('name a fault by its place in the input', async () => {
    const watchlistId = await list();
    const expiresAt = '2020-01-01T00:00:00Z';
    const observables = [
      { type: 'IP', value: 'nonsense' },
      { type: 'DOMAIN', value: 'a.example.com', expiresAt },
    ];
    const { addObservables } = await data(ADD, { i: { watchlistId, observables } });
    expect(addObservables.userErrors).toEqual([
      { field: ['observables', '1', 'expiresAt'], code: 'INVALID' },
    ]);
    expect(addObservables.added).toEqual([]);
  });

  it('are read from what people paste, paused, and removed', async () => {
    const watchlistId = await list();
    const text = 'see hxxps://evil[.]example[.]com/x and 192.0.2.7\nno value here';
    const imported = await data(
      `mutation($i: ImportObservablesInput!) { importObservables(input: $i) {
        added { id observable { value } note } rejected { line reason } userErrors { code } } }`,
      { i: { watchlistId, text, note: 'report' } },
    );
    const { added, rejected } = imported.importObservables;
    expect(added).toMatchObject([
      { observable: { value: 'evil.example.com' }, note: 'report' },
      { observable: { value: '192.0.2.7' }, note: 'report' },
    ]);
    expect(rejected).toMatchObject([{ line: 2 }]);
    const paused = await data(
      `mutation($id: ID!) { updateWatchedObservable(input: { id: $id, paused: true, note: null }) {
        watchedObservable { state note } userErrors { code } } }`,
      { id: added[0].id },
    );
    expect(paused.updateWatchedObservable.watchedObservable).toEqual({
      state: 'PAUSED',
      note: null,
    });
    const removed = await data(
      `mutation($id: ID!) { removeObservables(input: { watchlistId: $id, observables: [
        { type: DOMAIN, value: "EVIL.example.com" }, { type: IP, value: "192.0.2.9" } ] }) { removed } }`,
      { id: watchlistId },
    );
    expect(removed.removeObservables.removed).toBe(1);
  });

  it('are found by their ids', async () => {
    const id = await list();
    valueOf(await watching.members.add(id, hosts(1), 'olga'));
    const node = 'query($id: ID!) { node(id: $id) { __typename id } }';
    expect((await data(node, { id })).node).toEqual({ __typename: 'Watchlist', id });
    const { watchlist } = await data(
      'query($id: ID!) { watchlist(id: $id) { observables { nodes { id } } } }',
      { id },
    );
    const [watched] = watchlist.observables.nodes as { id: string }[];
    expect((await data(node, watched)).node).toEqual({
      __typename: 'WatchedObservable',
      id: watched?.id,
    });
    expect((await data(node, { id: 'nothing' })).node).toBeNull();
  });

  it('cost a page a bounded number of round trips, with cache state and all lists', async () => {
    const [one, other] = [await list('one'), await list('other')];
    valueOf(await watching.members.add(one, hosts(100), 'olga'));
    valueOf(await watching.members.add(other, hosts(100), 'olga'));
    const page = async (first: number) => {
      const before = counted.turns;
      const { watchlist } = await data(
        `query($id: ID!, $first: Int!) { watchlist(id: $id) { summary { total } observables(first: $first) {
          totalCount nodes { state watchlist { name } observable {
            value cache { state } watchedBy { state watchlist { name } } } } } } }`,
        { id: one, first },
      );
      expect(watchlist.observables.nodes).toHaveLength(first);
      return counted.turns - before;
    };
    const [few, many] = [await page(2), await page(100)];
    expect(few).toBeGreaterThan(3);
    expect(many).toBeLessThanOrEqual(16);
  });
});

describe('what is held', () => {
  const LOOK = `{ observable(type: DOMAIN, value: "Held.Example.com") {
    value referUrl cache { id state records pagesFetched watched bytes } history { totalCount nodes { recordType value active } }
  } explain(type: DOMAIN, value: "held.example.com") { wouldServe upstreamCalls steps } }`;

  it('is shown, explained and forgotten without a call to SecurityTrails', async () => {
    const before = await data(LOOK);
    expect(before.observable).toMatchObject({
      value: 'held.example.com',
      cache: null,
      history: null,
    });
    expect(before.explain).toMatchObject({ wouldServe: 'MISS', upstreamCalls: 2 });
    await post(world.url, '/observe/observables', [{ type: 'domain', value: 'held.example.com' }]);
    const calls = simulator.requests().length;
    const after = await data(LOOK);
    expect(after.explain.upstreamCalls).toBe(0);
    expect(after.explain.wouldServe).not.toBe('MISS');
    expect(after.observable.cache).toMatchObject({ watched: false });
    const { cacheEntries } = await data(
      '{ cacheEntries(filter: { type: DOMAIN, valueContains: "HELD" }) { totalCount nodes { id value } } }',
    );
    expect(cacheEntries).toEqual({
      totalCount: 1,
      nodes: [{ id: after.observable.cache.id, value: 'held.example.com' }],
    });
    const forget = await data(
      'mutation { invalidateCache(input: { observable: { type: DOMAIN, value: "held.example.com" } }) { invalidated } }',
    );
    expect(forget.invalidateCache.invalidated).toBe(1);
    expect((await data(LOOK)).observable.cache).toBeNull();
    expect(simulator.requests()).toHaveLength(calls);
  });

  it.each(['{}', '{ all: true, watchlistId: "x" }', '{ all: false }'])(
    'is not forgotten for the input %s',
    async (input) => {
      const query = `mutation { invalidateCache(input: ${input}) { invalidated userErrors { code } } }`;
      const { invalidateCache } = await data(query);
      expect(invalidateCache).toEqual({ invalidated: 0, userErrors: [{ code: 'INVALID' }] });
    },
  );
});

describe('changes', () => {
  const observable = domain('moving.example.com');

  async function moved(watchlistId: string): Promise<void> {
    const day = 86_400_000;
    const look = { tenant: DEPLOYMENT, observable, recordType: 'A', reach: 'all' } as const;
    const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
    const [old, now] = [Date.now() - 10 * day, Date.now()];
    const first = {
      first: iso(old - 30 * day),
      last: null,
      values: ['192.0.2.1'],
      orgs: ['Example'],
    };
    const watchlists = [watchlistId];
    await watching.histories.apply({ ...look, at: old, watchlists, intervals: [first] });
    const next = { first: iso(now - day), last: null, values: ['192.0.2.2'], orgs: ['Example'] };
    const ended = { ...first, last: iso(now - day) };
    await watching.histories.apply({ ...look, at: now, watchlists, intervals: [next, ended] });
  }

  it('are told newest first, with their lists, and acknowledged once', async () => {
    const id = await list();
    valueOf(await watching.members.add(id, [{ observable }], 'olga'));
    await moved(id);
    const { changes } =
      await data(`{ changes(filter: { value: "MOVING.example.com", kind: ADDED }) {
      totalCount nodes { id kind value recordType acknowledgedAt watchlists { name } observable { history { totalCount } } } } }`);
    expect(changes).toMatchObject({
      totalCount: 1,
      nodes: [{ kind: 'ADDED', value: '192.0.2.2', watchlists: [{ name: 'watched' }] }],
    });
    const acknowledge = `mutation($ids: [ID!]!) { acknowledgeChanges(input: { ids: $ids }) {
      acknowledged userErrors { field code } } }`;
    const ids = [changes.nodes[0].id];
    expect((await data(acknowledge, { ids })).acknowledgeChanges.acknowledged).toBe(1);
    expect((await data(acknowledge, { ids })).acknowledgeChanges.acknowledged).toBe(0);
    const refused = await data(acknowledge, { ids: [...ids, 'ch_unknown'] });
    expect(refused.acknowledgeChanges).toEqual({
      acknowledged: 0,
      userErrors: [{ field: ['ids', '1'], code: 'NOT_FOUND' }],
    });
    const seen = await data(`{ changes { nodes { acknowledgedBy } } }`);
    expect(seen.changes.nodes).toContainEqual({ acknowledgedBy: 'lead@example.com' });
  });

  it('that a list would have raised are told from what is held', async () => {
    const id = await list();
    valueOf(await watching.members.add(id, [{ observable }, ...hosts(1)], 'olga'));
    await moved(id);
    const { backtest } = await data(
      `query($id: ID!) { backtest(watchlistId: $id, since: "2020-01-01") {
        changes { totalCount nodes { kind } } byObservable { observable { value } added } notHeld { value } } }`,
      { id },
    );
    expect(backtest.notHeld).toEqual([{ value: 'host0.example.com' }]);
    expect(backtest.byObservable).toMatchObject([{ observable: { value: 'moving.example.com' } }]);
    expect(backtest.changes.totalCount).toBe(backtest.changes.nodes.length);
  });

  it('have no cursor but their own', async () => {
    const answer = await ask(world, '{ changes(after: "nonsense") { totalCount } }');
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('refreshes and queues', () => {
  it('are asked for once, seen as a job, paused and resumed', async () => {
    const refresh = `mutation { refreshObservable(input: { observable: { type: DOMAIN, value: "x.example.com" } }) {
      enqueued alreadyQueued userErrors { code } } }`;
    expect((await data(refresh)).refreshObservable).toMatchObject({ enqueued: 1 });
    expect((await data(refresh)).refreshObservable).toMatchObject({
      enqueued: 0,
      alreadyQueued: 1,
    });
    const seen = await data(`{ queues { name paused counts { prioritized } } 
      jobs(queue: "refresh", state: PRIORITIZED) { totalCount nodes { id state observable { value } } } }`);
    expect(seen.queues).toContainEqual({
      name: 'refresh',
      paused: false,
      counts: { prioritized: 1 },
    });
    const [job] = seen.jobs.nodes as { id: string }[];
    expect(job).toMatchObject({ state: 'PRIORITIZED', observable: { value: 'x.example.com' } });
    const found = await data('query($id: ID!) { job(queue: "refresh", id: $id) { id } }', job);
    expect(found.job).toEqual({ id: job?.id });
    const flip = (name: string) =>
      data(`mutation { ${name}(input: { queue: "refresh" }) { queue { paused } } }`);
    expect((await flip('pauseQueue')).pauseQueue.queue.paused).toBe(true);
    expect((await flip('pauseQueue')).pauseQueue.queue.paused).toBe(true);
    expect((await flip('resumeQueue')).resumeQueue.queue.paused).toBe(false);
    const retried = await data(
      `mutation($id: ID!) { retryJob(input: { queue: "refresh", id: $id }) { userErrors { field code } } 
        retryFailedJobs(input: { queue: "nope" }) { userErrors { field code } } }`,
      job,
    );
    expect(retried.retryJob.userErrors).toEqual([{ field: ['id'], code: 'NOT_FOUND' }]);
    expect(retried.retryFailedJobs.userErrors).toEqual([{ field: ['queue'], code: 'NOT_FOUND' }]);
  });

  it('cost calls that the ledger shows', async () => {
    await post(world.url, '/observe/observables', [{ type: 'domain', value: 'new.example.com' }]);
    const { callLedger, quota } = await data(
      '{ callLedger { key cause calls watchlist { id } } quota { used interactiveReserve exhaustsAt } }',
    );
    expect(callLedger).toEqual([{ key: 'OBSERVE', cause: 'OBSERVE', calls: 2, watchlist: null }]);
    expect(quota.used).toBeGreaterThanOrEqual(2);
  });
});
