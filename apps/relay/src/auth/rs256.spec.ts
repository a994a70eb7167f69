import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';

import type { AuthModuleOptions } from './auth.module.js';
import { GuardedApp } from './testing/guarded-app.js';
import type { Outcome } from './testing/guarded-app.js';
import { JwksServer } from './testing/jwks-server.js';
import { TestClock } from './testing/test-clock.js';
import { forge, platformKey, platformToken, rsa } from './testing/token-forge.js';

const AUDIENCE = 'https://relay.example.com';
const KID_MESSAGE = 'Authorization failed: kid from JWT header not found in API response';
const HOST_MESSAGE =
  'Authorization failed: Wrong jwks_host in JWT payload. Make sure domain follows the visibility.<region>.cisco.com structure';

const platform = platformKey('platform-1');
const stranger = platformKey('platform-1');
const rsaOf = rsa(stranger.privateKey);

let server: JwksServer;
let clock: TestClock;
let app: GuardedApp;

beforeEach(async () => {
  server = await JwksServer.start();
  server.serve([platform.jwk]);
  clock = new TestClock();
  app = await GuardedApp.start(options());
});

afterEach(async () => {
  await app.stop();
  await server.stop();
});

function options(more: Partial<AuthModuleOptions> = {}): AuthModuleOptions {
  const jwksHosts = [server.host];
  return { publicUrls: [AUDIENCE], jwksHosts, digestKey: 'pepper', now: clock.now, ...more };
}

function claims(more: object = {}): object {
  return { key: 'invented-key', jwks_host: server.host, aud: AUDIENCE, ...more };
}

function callWith(more: object, header: object = {}): Promise<Outcome> {
  return app.bearer(platformToken(platform, claims(more), header));
}

function refusal(reason: string, text: string): object {
  return { refusal: { mode: 'v2', reason, message: `Authorization failed: ${text}` } };
}

describe('a platform token (RS256)', () => {
  it('names its caller', async () => {
    await expect(callWith({})).resolves.toEqual({
      caller: {
        apiKey: 'invented-key',
        tenant: expect.stringMatching(/^[0-9a-f]{32}$/),
        pages: 1,
        mode: 'v2',
      },
    });
  });

  it('is accepted as another implementation signs it', async () => {
    const token = await new SignJWT({ key: 'invented-key', jwks_host: server.host })
      .setProtectedHeader({ alg: 'RS256', kid: platform.kid })
      .setAudience(AUDIENCE)
      .setIssuedAt(clock.seconds)
      .setExpirationTime(clock.seconds + 600)
      .sign(platform.privateKey);
    await expect(app.bearer(token)).resolves.toMatchObject({ caller: { mode: 'v2' } });
  });

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('is accepted after %s', async (scheme) => {
    const token = platformToken(platform, claims());
    await expect(app.call(`${scheme} ${token}`)).resolves.toHaveProperty('caller');
    await expect(app.call(`${scheme}   ${token}`)).resolves.toHaveProperty('caller');
  });

  it('carries its own page limit, whatever another call at the same time asks for', async () => {
    const wanted = Array.from({ length: 200 }, (_, i) => 1 + (i % 100));
    const outcomes = await Promise.all(wanted.map((pages) => callWith({ NUMBER_OF_PAGES: pages })));
    expect(outcomes.map(({ caller }) => caller?.pages)).toEqual(wanted);
  });

  it('asks for the key set once, whatever number of tokens comes', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => callWith({ jti: i })));
    expect(server.calls).toHaveLength(1);
  });
});

describe('the v2 error table', () => {
  it('row 1: no header', async () => {
    await expect(app.call()).resolves.toEqual(
      refusal('missing-header', 'Authorization header is missing'),
    );
  });

  it.each(['Basic dXNlcjpwYXNz', 'JWT x.y.z', 'Bearer: x.y.z'])('row 2: %s', async (header) => {
    await expect(app.call(header)).resolves.toEqual(
      refusal('wrong-scheme', 'Wrong authorization type'),
    );
  });

  it.each(['', 'Bearer', 'Basic', 'Bearer a b', 'Bearer  a  b', 'Basic a b c', 'x.y.z'])(
    'row 3: the header %j',
    async (header) => {
      await expect(app.call(header)).resolves.toEqual(
        refusal('token-structure', 'Wrong JWT structure'),
      );
    },
  );

  it.each([
    ['two parts', 'a.b'],
    ['four parts', 'a.b.c.d'],
    ['five parts', 'a.b.c.d.e'],
    ['no parts', 'abc'],
    ['empty parts', '..'],
    ['a header that is not JSON', 'abc.e30.abc'],
    ['a header that is null', forge('null', {}, rsaOf)],
    ['a header that is a list', forge('[]', {}, rsaOf)],
    ['a header without alg', forge({ typ: 'JWT' }, {}, rsaOf)],
    ['an alg that is a list', forge({ alg: ['RS256'] }, {}, rsaOf)],
    ['a payload that is not JSON', forge({ alg: 'RS256' }, 'hello', rsaOf)],
    ['a payload that is a text', forge({ alg: 'RS256' }, '"hello"', rsaOf)],
    ['a payload that is null', forge({ alg: 'RS256' }, 'null', rsaOf)],
    ['a payload that is a list', forge({ alg: 'RS256' }, '[]', rsaOf)],
    ['a payload without end', forge({ alg: 'RS256' }, '['.repeat(5_000), rsaOf)],
    ['padding', 'e30=.e30=.YQ=='],
    ['characters of plain base64', 'e30+.e30/.abcd'],
    ['8193 characters', `e30.e30.${'a'.repeat(8_185)}`],
  ])('row 4: a token of %s', async (_name, token) => {
    await expect(app.bearer(token)).resolves.toEqual(
      refusal('token-structure', 'Wrong JWT structure'),
    );
    expect(server.calls).toEqual([]);
  });

  it('row 5: no jwks_host', async () => {
    await expect(callWith({ jwks_host: undefined })).resolves.toEqual(
      refusal(
        'missing-jwks-host',
        'jwks_host is missing in JWT payload. Make sure custom_jwks_host field is present in module_type',
      ),
    );
  });

  it.each([null, 5, '', 'evil.example', ['a'], {}])(
    'row 6: the jwks_host %j',
    async (jwks_host) => {
      const { refusal } = await callWith({ jwks_host });
      expect(refusal).toEqual({ mode: 'v2', reason: 'wrong-jwks-host', message: HOST_MESSAGE });
      expect(server.calls).toEqual([]);
    },
  );

  it.each([
    ['HTTP 404', 404, '{}'],
    ['HTTP 500', 500, '{}'],
    ['a page of HTML', 200, '<html></html>'],
  ])('row 6: a key set that answers %s', async (_name, status, body) => {
    server.serve(body, status);
    await expect(callWith({})).resolves.toMatchObject({ refusal: { message: HOST_MESSAGE } });
  });

  it('row 6: a key set host that refuses the connection', async () => {
    await server.stop();
    await expect(callWith({})).resolves.toMatchObject({ refusal: { message: HOST_MESSAGE } });
  });

  it('row 7: a key set host that never answers is the same fault', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const impatient: typeof fetch = (url, init) =>
      fetch(url, { ...init, signal: AbortSignal.timeout(30) });
    const other = await GuardedApp.start(options({ jwksHosts: [host], fetch: impatient }));
    const outcome = await other.bearer(platformToken(platform, claims({ jwks_host: host })));
    expect(outcome).toMatchObject({ refusal: { message: HOST_MESSAGE } });
    await other.stop();
    silent.close();
  });

  it('row 8: a kid that is not among the keys', async () => {
    await expect(callWith({}, { kid: 'platform-2' })).resolves.toEqual({
      refusal: { mode: 'v2', reason: 'unknown-kid', message: KID_MESSAGE },
    });
  });

  it.each([undefined, null, 5, {}, ['platform-1']])('row 9: a header of kid %j', async (kid) => {
    await expect(callWith({}, { kid })).resolves.toEqual(
      refusal('payload-structure', 'Wrong JWT payload structure'),
    );
  });

  it.each([
    ['without keys', '{}'],
    ['with an entry without kid', '{"keys":[{"kty":"RSA"}]}'],
  ])('row 9: a key set %s', async (_name, body) => {
    server.serve(body);
    await expect(callWith({})).resolves.toEqual(
      refusal('payload-structure', 'Wrong JWT payload structure'),
    );
  });

  it.each([undefined, null, 5, true, {}, ['x']])('row 9: the key claim %j', async (key) => {
    await expect(callWith({ key })).resolves.toEqual(
      refusal('payload-structure', 'Wrong JWT payload structure'),
    );
  });

  it('row 10: another key signed it', async () => {
    const message =
      'Failed to decode JWT with provided key. Make sure domain in custom_jwks_host corresponds to your SecureX instance region.';
    await expect(app.bearer(platformToken(stranger, claims()))).resolves.toEqual(
      refusal('bad-signature', message),
    );
  });

  it.each([
    'https://other.example.com',
    `${AUDIENCE}/`,
    'HTTPS://RELAY.EXAMPLE.COM',
    'http://relay.example.com',
    '',
    null,
    5,
    [],
    [[AUDIENCE]],
    ['https://other.example.com'],
    { aud: AUDIENCE },
  ])('row 11: the audience %j', async (aud) => {
    await expect(callWith({ aud })).resolves.toEqual(
      refusal('wrong-audience', 'Wrong configuration-token-audience'),
    );
  });

  it('row 12: a list of audiences with the right one', async () => {
    const aud = ['https://other.example.com', AUDIENCE];
    await expect(callWith({ aud })).resolves.toHaveProperty('caller');
  });

  it('row 13: no audience', async () => {
    await expect(callWith({ aud: undefined })).resolves.toEqual(
      refusal('wrong-audience', 'Wrong configuration-token-audience'),
    );
  });

  it('row 14: expired, beyond a leeway of thirty seconds', async () => {
    const exp = clock.seconds - 29;
    await expect(callWith({ exp })).resolves.toHaveProperty('caller');
    await expect(callWith({ exp: exp - 1 })).resolves.toEqual(
      refusal('expired', 'JWT has expired'),
    );
  });

  it('row 15: not valid yet, beyond a leeway of thirty seconds', async () => {
    const nbf = clock.seconds + 30;
    await expect(callWith({ nbf })).resolves.toHaveProperty('caller');
    await expect(callWith({ nbf: nbf + 1 })).resolves.toEqual(
      refusal('not-yet-valid', 'JWT is not valid yet'),
    );
  });

  it.each(['HS256', 'none', 'RS512', 'PS256', 'ES256', 'rs256', ''])(
    'row 16: the algorithm %j',
    async (alg) => {
      await expect(callWith({}, { alg })).resolves.toEqual(
        refusal('wrong-algorithm', 'Wrong JWT algorithm'),
      );
    },
  );

  it('row 17: an empty key is accepted', async () => {
    await expect(callWith({ key: '' })).resolves.toMatchObject({ caller: { apiKey: '' } });
  });

  it('row 18: a page number of null is misreported as an unknown kid', async () => {
    await expect(callWith({ NUMBER_OF_PAGES: null })).resolves.toEqual({
      refusal: { mode: 'v2', reason: 'null-page-number', message: KID_MESSAGE },
    });
  });

  it('row 20: a key that no header can carry is for the client to refuse', async () => {
    const key = 'ключ\r\n';
    await expect(callWith({ key })).resolves.toMatchObject({ caller: { apiKey: key } });
  });

  it.each([
    ['exp', 'soon'],
    ['exp', null],
    ['nbf', '0'],
    ['nbf', [0]],
  ])('refuses dates that are no numbers: %s %j', async (claim, value) => {
    await expect(callWith({ [claim]: value })).resolves.toMatchObject({
      refusal: { reason: 'payload-structure' },
    });
  });

  it('tells of the signature before anything that the signature covers', async () => {
    const wrong = { aud: 'https://other.example.com', exp: 0, key: undefined };
    await expect(app.bearer(platformToken(stranger, claims(wrong)))).resolves.toMatchObject({
      refusal: { reason: 'bad-signature' },
    });
  });
});

describe('what a relay remembers', () => {
  it('is not asked of a token twice: with the key set gone, a verified token passes', async () => {
    const token = platformToken(platform, claims());
    const first = await app.bearer(token);
    await server.stop();
    clock.forward(9 * 60_000);
    await expect(app.bearer(token)).resolves.toEqual(first);
  });

  it('ends with the token: the same token is refused once it has expired', async () => {
    const token = platformToken(platform, claims({ exp: clock.seconds + 60 }));
    await expect(app.bearer(token)).resolves.toHaveProperty('caller');
    clock.forward(90_000);
    await expect(app.bearer(token)).resolves.toMatchObject({ refusal: { reason: 'expired' } });
    await expect(app.bearer(token)).resolves.toMatchObject({ refusal: { reason: 'expired' } });
  });

  it('ends with the key: a token without end is refused soon after its key is withdrawn', async () => {
    const token = platformToken(platform, claims());
    await expect(app.bearer(token)).resolves.toHaveProperty('caller');
    server.serve([]);
    clock.forward(10 * 60_000);
    await expect(app.bearer(token)).resolves.toMatchObject({ refusal: { reason: 'unknown-kid' } });
  });

  it('tells tokens apart by every character, the signature included', async () => {
    const token = platformToken(platform, claims());
    await app.bearer(token);
    const [header, body, signature] = token.split('.');
    const other = signature?.startsWith('A') ? `B${signature.slice(1)}` : `A${signature?.slice(1)}`;
    await expect(app.bearer(`${header}.${body}.${other}`)).resolves.toMatchObject({
      refusal: { reason: 'bad-signature' },
    });
    await expect(app.bearer(`${header}.${body}.`)).resolves.toMatchObject({
      refusal: { reason: 'bad-signature' },
    });
  });

  it('refuses a bad token again without a look at it, and lets it pass once the key is right', async () => {
    const token = platformToken(stranger, claims());
    await expect(app.bearer(token)).resolves.toMatchObject({
      refusal: { reason: 'bad-signature' },
    });
    server.serve([stranger.jwk]);
    clock.forward(10 * 60_000);
    await expect(app.bearer(token)).resolves.toHaveProperty('caller');
  });

  it('never holds an outage against a token', async () => {
    server.serve('', 503);
    const token = platformToken(platform, claims());
    await expect(app.bearer(token)).resolves.toHaveProperty('refusal');
    server.serve([platform.jwk]);
    clock.forward(5_000);
    await expect(app.bearer(token)).resolves.toHaveProperty('caller');
  });

  it('is no other relay’s: two in one process keep their own audience and keys', async () => {
    const other = await GuardedApp.start(options({ publicUrls: ['https://other.example.com'] }));
    const token = platformToken(platform, claims());
    await expect(app.bearer(token)).resolves.toHaveProperty('caller');
    await expect(other.bearer(token)).resolves.toMatchObject({
      refusal: { reason: 'wrong-audience' },
    });
    await other.stop();
    await expect(callWith({ jti: 2 })).resolves.toHaveProperty('caller');
  });
});
