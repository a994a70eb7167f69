import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jsonwebtoken from 'jsonwebtoken';

import { ask, codesOf, opsToken, OPS_SECRET, opsWorld } from '../support/ops-world.js';
import type { OpsWorld } from '../support/ops-world.js';
import type { RedisServer } from '../support/redis-server.js';
import { startRedis } from '../support/redis-server.js';
import { post, SECRET_KEY, token as relayToken } from '../support/relay-stack.js';

const VIEWER = '{ viewer { subject name role } }';
const CREATE = 'mutation { createWatchlist(input: {name: "x"}) { userErrors { code } } }';
const PAUSE = 'mutation { pauseQueue(input: {queue: "none"}) { userErrors { code } } }';

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

describe('operators by a shared secret', () => {
  it('are who their token says', async () => {
    const { json } = await ask(world, VIEWER, { token: opsToken('VIEWER', { name: 'Lea' }) });
    expect(json.data).toEqual({
      viewer: { subject: 'lead@example.com', name: 'Lea', role: 'VIEWER' },
    });
  });

  it.each([
    ['no token', ''],
    ['another secret', opsToken('ADMIN', {}, 'another-secret')],
    ['no end', opsToken('ADMIN', { exp: undefined })],
    ['an end in the past', opsToken('ADMIN', { exp: Math.floor(Date.now() / 1_000) - 60 })],
    ['a beginning to come', opsToken('ADMIN', { nbf: Math.floor(Date.now() / 1_000) + 60 })],
    ['no subject', opsToken('ADMIN', { sub: undefined })],
    ['an empty subject', opsToken('ADMIN', { sub: ' ' })],
    ['an API key, as callers of the relay have', opsToken('ADMIN', { key: 'a-key' })],
    ['no signature', `${opsToken('ADMIN').split('.').slice(0, 2).join('.')}.`],
  ])('are refused with %s', async (_, token) => {
    const answer = await ask(world, VIEWER, { token });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED']);
  });

  it.each(['operator', 'ROOT', ''])('have no role by the text %p', async (role) => {
    const answer = await ask(world, VIEWER, { token: opsToken(role) });
    expect(answer.status).toBe(403);
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });

  it('are not known by a cookie or a parameter', async () => {
    const token = opsToken('ADMIN');
    const cookie = { cookie: `token=${token}; authorization=Bearer ${token}` };
    expect((await ask(world, VIEWER, { token: '', headers: cookie })).status).toBe(401);
  });

  it.each([
    [VIEWER, ['VIEWER', 'OPERATOR', 'ADMIN']],
    [CREATE, ['OPERATOR', 'ADMIN']],
    [PAUSE, ['ADMIN']],
    [
      `${CREATE.slice(0, -1)} ...P } fragment P on Mutation { pauseQueue(input: {queue: "none"}) { userErrors { code } } }`,
      ['ADMIN'],
    ],
  ])('do %s with a sufficient role alone', async (query, allowed) => {
    for (const role of ['VIEWER', 'OPERATOR', 'ADMIN']) {
      const answer = await ask(world, query, { token: opsToken(role) });
      const expected = allowed.includes(role) ? [200, []] : [403, ['FORBIDDEN']];
      expect([answer.status, codesOf(answer)]).toEqual(expected);
    }
  });
});

describe('tokens of the relay', () => {
  it('are none of operators, nor the other way round', async () => {
    expect((await ask(world, VIEWER, { token: relayToken() })).status).toBe(401);
    const observe = await post(world.url, '/observe/observables', [], {
      authorization: `Bearer ${opsToken('ADMIN')}`,
    });
    expect(observe.text).toContain('authorization error');
  });

  it('are none also where both have one secret', async () => {
    const same = await opsWorld(redis, { OPS_JWT_SECRET: SECRET_KEY });
    try {
      const exp = Math.floor(Date.now() / 1_000) + 60;
      const both = relayToken({ sub: 'lead@example.com', role: 'ADMIN', exp });
      expect((await ask(same, VIEWER, { token: both })).status).toBe(401);
      const operator = opsToken('ADMIN', {}, SECRET_KEY);
      const authorization = `Bearer ${operator}`;
      const observe = await post(same.url, '/observe/observables', [], { authorization });
      expect(observe.text).toContain('authorization error');
      expect((await ask(same, VIEWER, { token: operator })).status).toBe(200);
    } finally {
      await same.stop();
    }
  });
});

describe('without configuration', () => {
  it('the API is off: its path is unknown', async () => {
    const off = await opsWorld(redis, {});
    try {
      const answer = await ask(off, VIEWER);
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('werkzeug.exceptions.NotFound');
    } finally {
      await off.stop();
    }
  });
});

describe('operators by an identity provider', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let keys: object[];
  let provider: Server;
  let trusting: OpsWorld;

  beforeAll(async () => {
    keys = [
      { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256', use: 'sig' },
      { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec', alg: 'ES256', use: 'sig' },
    ];
    provider = createServer((_request, response) => {
      response.end(JSON.stringify({ keys }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => provider.once('listening', resolve));
    const { port } = provider.address() as AddressInfo;
    trusting = await opsWorld(redis, {
      OPS_JWKS_URL: `http://127.0.0.1:${port}/keys`,
      OPS_ISSUER: 'https://id.example.com',
      OPS_AUDIENCE: 'relay-ops',
      OPS_ROLE_CLAIM: 'realm_access.roles',
    });
  });

  afterAll(async () => {
    await trusting.stop();
    provider.close();
  });

  function signed(algorithm: 'RS256' | 'ES256', claims: object = {}): string {
    const pair = algorithm === 'RS256' ? rsa : ec;
    const usual = {
      iss: 'https://id.example.com',
      aud: 'relay-ops',
      sub: 'u-1',
      exp: Math.floor(Date.now() / 1_000) + 60,
      realm_access: { roles: ['offline_access', 'VIEWER', 'OPERATOR'] },
      ...claims,
    };
    const keyid = algorithm === 'RS256' ? 'rsa' : 'ec';
    return jsonwebtoken.sign(usual, pair.privateKey, { algorithm, keyid });
  }

  it.each(['RS256', 'ES256'] as const)('sign with %s; the highest role counts', async (alg) => {
    const { json } = await ask(trusting, VIEWER, { token: signed(alg) });
    expect(json.data).toEqual({ viewer: { subject: 'u-1', name: null, role: 'OPERATOR' } });
  });

  it.each([
    ['another issuer', { iss: 'https://other.example.com' }],
    ['another audience', { aud: 'other' }],
    ['an end in the past', { exp: 1 }],
  ])('are refused with %s', async (_, claims) => {
    expect((await ask(trusting, VIEWER, { token: signed('RS256', claims) })).status).toBe(401);
  });

  it('are refused when a public key was taken for a secret', async () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect((await ask(trusting, VIEWER, { token: opsToken('ADMIN', {}, OPS_SECRET) })).status).toBe(
      401,
    );
    const forged = jsonwebtoken.sign(
      { sub: 'x', role: 'ADMIN' },
      Buffer.from(pem).toString('base64'),
      {
        keyid: 'rsa',
        expiresIn: 60,
      },
    );
    expect((await ask(trusting, VIEWER, { token: forged })).status).toBe(401);
  });
});
