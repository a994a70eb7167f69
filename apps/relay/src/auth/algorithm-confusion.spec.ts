import { generateKeyPairSync, sign } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { GuardedApp } from './testing/guarded-app.js';
import { JwksServer } from './testing/jwks-server.js';
import { TestClock } from './testing/test-clock.js';
import { forge, hmac, platformKey, platformToken, rsa, unsigned } from './testing/token-forge.js';

const AUDIENCE = 'https://relay.example.com';
const SECRET = 'an invented secret of more than thirty-two characters';
const platform = platformKey('platform-1');
const attacker = platformKey('platform-1');
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let server: JwksServer;
let hooks: JwksServer;
let v2: GuardedApp;
let both: GuardedApp;
let v1: GuardedApp;

beforeAll(async () => {
  server = await JwksServer.start();
  hooks = await JwksServer.start();
  server.serve([platform.jwk]);
  hooks.serve([attacker.jwk]);
  const { now } = new TestClock();
  const rs256 = { publicUrls: [AUDIENCE], jwksHosts: [server.host], now };
  v2 = await GuardedApp.start(rs256);
  both = await GuardedApp.start({ ...rs256, secretKey: SECRET });
  v1 = await GuardedApp.start({ publicUrls: [], jwksHosts: [], secretKey: SECRET, now });
});

afterAll(() => Promise.all([v1, v2, both, server, hooks].map((each) => each.stop())));

function claims(): object {
  return { key: 'invented-key', jwks_host: server.host, aud: AUDIENCE };
}

async function expectRefusedEverywhere(token: string): Promise<void> {
  for (const app of [v1, v2, both]) {
    await expect(app.bearer(token)).resolves.toEqual({
      refusal: expect.objectContaining({
        reason: expect.stringMatching(/^(?:wrong-algorithm|bad-signature|token-structure)$/),
      }),
    });
  }
}

const PUBLIC_KEY_FORMS: readonly (readonly [string, string | Buffer])[] = [
  ['SPKI PEM', platform.publicKey.export({ type: 'spki', format: 'pem' })],
  [
    'SPKI PEM without its last line end',
    platform.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
  ],
  ['SPKI DER', platform.publicKey.export({ type: 'spki', format: 'der' })],
  ['PKCS#1 PEM', platform.publicKey.export({ type: 'pkcs1', format: 'pem' })],
  ['PKCS#1 DER', platform.publicKey.export({ type: 'pkcs1', format: 'der' })],
  ['the JWK', JSON.stringify(platform.jwk)],
  ['the bare JWK', JSON.stringify(platform.publicKey.export({ format: 'jwk' }))],
  ['the modulus', String(platform.jwk['n'])],
  ['the key id', platform.kid],
  ['nothing', ''],
];

describe('algorithm confusion', () => {
  it('is tried against relays that accept the honest tokens', async () => {
    const rs256 = platformToken(platform, claims());
    const hs256 = forge({ alg: 'HS256' }, claims(), hmac(SECRET));
    await expect(v2.bearer(rs256)).resolves.toHaveProperty('caller');
    await expect(both.bearer(rs256)).resolves.toHaveProperty('caller');
    await expect(both.bearer(hs256)).resolves.toHaveProperty('caller');
    await expect(v1.bearer(hs256)).resolves.toHaveProperty('caller');
  });

  it.each(['none', 'None', 'NONE', 'nOnE', '', ' none', 'null'])('refuses alg %j', async (alg) => {
    await expectRefusedEverywhere(forge({ alg, kid: platform.kid }, claims(), unsigned));
    await expectRefusedEverywhere(forge({ alg, kid: platform.kid }, claims(), hmac(SECRET)));
  });

  it.each([null, 0, true, {}, ['RS256'], ['HS256', 'RS256']])('refuses alg %j', async (alg) => {
    await expectRefusedEverywhere(forge({ alg, kid: platform.kid }, claims(), unsigned));
  });

  it.each(PUBLIC_KEY_FORMS)(
    'refuses HS256 with the public key as secret: %s',
    async (_name, key) => {
      const header = { alg: 'HS256', typ: 'JWT', kid: platform.kid };
      await expectRefusedEverywhere(forge(header, claims(), hmac(key)));
      await expectRefusedEverywhere(forge({ ...header, alg: 'RS256' }, claims(), hmac(key)));
    },
  );

  it.each([
    ['RS384', rsa(platform.privateKey, 'sha384')],
    ['RS512', rsa(platform.privateKey, 'sha512')],
    ['PS256', rsa(platform.privateKey, 'sha256', { padding: 6, saltLength: 32 })],
    ['HS384', hmac(SECRET, 'sha384')],
    ['HS512', hmac(SECRET, 'sha512')],
    ['ES256', (input: string) => sign('sha256', Buffer.from(input), elliptic.privateKey)],
    ['EdDSA', unsigned],
    ['RS1', rsa(platform.privateKey, 'sha1')],
    ['rs256', rsa(platform.privateKey)],
    ['hs256', hmac(SECRET)],
    ['RS256 ', rsa(platform.privateKey)],
    ['RS256\0', rsa(platform.privateKey)],
  ])('refuses %j, although the signature is right', async (alg, signer) => {
    await expectRefusedEverywhere(forge({ alg, kid: platform.kid }, claims(), signer));
  });

  it.each([
    ['RS384', rsa(platform.privateKey, 'sha384')],
    ['PSS', rsa(platform.privateKey, 'sha256', { padding: 6, saltLength: 32 })],
    ['SHA-1', rsa(platform.privateKey, 'sha1')],
    ['no', unsigned],
    ['another key’s', rsa(attacker.privateKey)],
  ])('refuses a token that says RS256 over %s signature', async (_name, signer) => {
    await expectRefusedEverywhere(forge({ alg: 'RS256', kid: platform.kid }, claims(), signer));
  });
});

describe('a header that brings its own rules or key', () => {
  it.each([
    ['jwk', attacker.jwk],
    ['jku', 'hooks'],
    ['x5u', 'hooks'],
    ['x5c', ['MIIB']],
    ['crit', ['exp']],
    ['crit', []],
    ['b64', false],
    ['b64', true],
  ])(
    'is refused for %s, whoever signed it, and no address in it is asked',
    async (field, value) => {
      const asked = value === 'hooks' ? `http://${hooks.host}/.well-known/jwks` : value;
      const header = { alg: 'RS256', kid: platform.kid, [field]: asked };
      await expectRefusedEverywhere(forge(header, claims(), rsa(platform.privateKey)));
      await expectRefusedEverywhere(forge(header, claims(), rsa(attacker.privateKey)));
      await expectRefusedEverywhere(forge({ ...header, alg: 'HS256' }, claims(), hmac(SECRET)));
      expect(hooks.calls).toEqual([]);
    },
  );

  it.each([
    '../../../../dev/null',
    '/dev/null',
    '\0',
    `platform-1\0`,
    '__proto__',
    'constructor',
    'hasOwnProperty',
    "' UNION SELECT 'x",
    'http://192.0.2.1/key',
    { $ne: null },
    ['platform-1'],
    0,
    true,
    'k'.repeat(4_000),
    'k'.repeat(10_240),
  ])('finds no key under a kid made up by somebody', async (kid) => {
    const token = forge({ alg: 'RS256', kid }, claims(), rsa(attacker.privateKey));
    await expect(v2.bearer(token)).resolves.toEqual({
      refusal: expect.objectContaining({
        reason: expect.stringMatching(/^(?:unknown-kid|payload-structure|token-structure)$/),
      }),
    });
  });

  it('leaves prototypes alone', async () => {
    const header = `{"alg":"RS256","kid":"platform-1","__proto__":{"polluted":true}}`;
    const body = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`;
    await expect(v2.bearer(forge(header, body, unsigned))).resolves.toHaveProperty('refusal');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
