import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { getIntrospectionQuery } from 'graphql';

import { eventually } from '../support/eventually.js';
import { answerOf, ask, codesOf, opsToken, OPS_SECRET, opsWorld } from '../support/ops-world.js';
import type { OpsWorld } from '../support/ops-world.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';

let redis: RedisServer;
let world: OpsWorld;

beforeAll(async () => {
  redis = await startRedis();
  world = await opsWorld(redis);
});

afterAll(async () => {
  await world.stop();
  await redis.stop();
});

const authorization = `Bearer ${opsToken('ADMIN')}`;

interface Plain {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(init: Plain, path = '/graphql') {
  const headers = { authorization, 'content-type': 'application/json', ...init.headers };
  return fetch(`${world.url}${path}`, { method: 'POST', ...init, headers }).then(answerOf);
}

function nested(depth: number): string {
  const open = 'observable { watchedBy { '.repeat(depth);
  return `{ observable(type: DOMAIN, value: "a.example.com") { watchedBy { ${open} id ${'} }'.repeat(depth)} } } }`;
}

describe('a document', () => {
  it.each([
    ['too deep', nested(8), 'depth'],
    [
      'of too many aliases',
      `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: viewer { role }`).join(' ')} }`,
      'aliases',
    ],
    [
      'of too many directives',
      `{ viewer { ${'role @include(if: true) '.repeat(31)} } }`,
      'directives',
    ],
    ['of too many fields', `{ viewer { ${'role '.repeat(501)} } }`, 'selections'],
    ['of too many words', `{ viewer(${'a: 1 '.repeat(1_200)}) { role } }`, 'tokens'],
    [
      'of too many operations',
      Array.from({ length: 11 }, (_, i) => `query Q${i} { viewer { role } }`).join(' '),
      'operations',
    ],
    ['that holds itself', '{ viewer { ...A } } fragment A on Operator { ...A }', 'expanded'],
    [
      'that doubles with every fragment',
      `{ viewer { ...F0 } } ${Array.from({ length: 20 }, (_, i) => `fragment F${i} on Operator { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F20 on Operator { role }`,
      'expanded',
    ],
  ])('%s is refused before it is validated', async (_, query, limit) => {
    const answer = await ask(world, query);
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.json.errors?.[0]?.message).toContain(limit);
  });

  it('that costs too much is refused before it is executed, and told its cost', async () => {
    const query =
      '{ watchlists(first: 100) { nodes { observables(first: 100) { nodes { observable { cache { bytes } } } } } } }';
    const answer = await ask(world, query);
    expect(answer.status).toBe(400);
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.json.extensions?.cost).toEqual({ requested: 20_505, limit: 5_000 });
  });

  it('is told its cost with its answer; variables count', async () => {
    const query = 'query($n: Int) { watchlists(first: $n) { nodes { id summary { total } } } }';
    const cost = async (n: number) =>
      (await ask(world, query, { variables: { n } })).json.extensions?.cost.requested;
    expect([await cost(1), await cost(50)]).toEqual([6, 55]);
  });

  it('may be the usual introspection, of an operator alone', async () => {
    expect((await ask(world, getIntrospectionQuery())).status).toBe(200);
    expect((await ask(world, getIntrospectionQuery(), { token: '' })).status).toBe(401);
  });

  it('that introspects in circles is refused', async () => {
    const circle =
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect((await ask(world, circle)).status).toBe(400);
  });

  it('with a huge literal is refused without repeating it', async () => {
    const answer = await ask(world, `{ watchlists(first: ${'9'.repeat(100_000)}) { totalCount } }`);
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(2_000);
  });
});

describe('a request', () => {
  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/json; charset=utf-8', 200],
  ])('of the content type %s is answered with %d', async (type, status) => {
    const body = JSON.stringify({ query: '{ viewer { role } }' });
    expect((await send({ body, headers: { 'content-type': type } })).status).toBe(status);
  });

  it.each([
    ['no JSON', '{', 400],
    ['a batch', JSON.stringify([{ query: '{ viewer { role } }' }]), 400],
    ['nothing to do', '{}', 400],
    [
      'more than a megabyte',
      JSON.stringify({ query: '{ viewer { role } }', x: 'x'.repeat(1_100_000) }),
      413,
    ],
  ])('with %s is refused', async (_, body, status) => {
    const answer = await send({ body });
    expect(answer.status).toBe(status);
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });

  it('by GET reads and never writes', async () => {
    const get = (query: string) =>
      send({ method: 'GET' }, `/graphql?query=${encodeURIComponent(query)}`);
    expect((await get('{ viewer { role } }')).status).toBe(200);
    const written = await get('mutation { deleteWatchlist(input: {id: "x"}) { deletedId } }');
    expect(written.status).toBe(405);
  });

  it('by GET that a browser sends without asking first is refused', async () => {
    const url = `${world.url}/graphql?query=${encodeURIComponent('{ viewer { role } }')}`;
    expect((await fetch(url, { headers: { authorization } })).status).toBe(400);
  });

  it.each(['application/graphql-response+json', 'application/json'])(
    'that accepts %s gets it',
    async (accept) => {
      const good = await ask(world, '{ viewer { role } }', { headers: { accept } });
      const bad = await ask(world, '{ nope }', { headers: { accept } });
      const unknown = await ask(world, '{ viewer { role } }', { headers: { accept }, token: '' });
      expect([good, bad, unknown].map(({ status }) => status)).toEqual([200, 400, 401]);
      for (const { headers } of [good, bad, unknown]) {
        expect(headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
      }
    },
  );
});

describe('a failure', () => {
  it('of the inside is masked, in time, and told by a correlation id', async () => {
    const redisOfItsOwn = await startRedis();
    const other = await opsWorld(redisOfItsOwn, { OPS_JWT_SECRET: OPS_SECRET });
    try {
      expect((await ask(other, '{ queues { name } }')).status).toBe(200);
      redisOfItsOwn.freeze();
      const answer = await ask(other, '{ watchlists { totalCount } }');
      expect(codesOf(answer)).toEqual(['UNAVAILABLE']);
      const id = answer.json.errors?.[0]?.extensions.correlationId;
      expect(id).toBe(answer.headers.get('x-request-id'));
      expect(answer.text).not.toMatch(/ioredis|node_modules|127\.0\.0\.1/);
    } finally {
      redisOfItsOwn.thaw();
      await eventually(
        () => ready(other.url),
        (status) => status === 200,
      );
      await other.stop();
      await redisOfItsOwn.stop();
    }
  }, 40_000);
});

/** Whether all its connections are there again. */
async function ready(url: string): Promise<number> {
  const probe = await fetch(`${url}/readyz`);
  const { checks } = (await probe.json()) as { readonly checks: Readonly<Record<string, string>> };
  return Object.values(checks).every((one) => one === 'ok') ? probe.status : 0;
}
