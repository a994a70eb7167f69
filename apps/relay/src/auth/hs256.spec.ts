import { afterEach, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';

import type { AuthModuleOptions } from './auth.module.js';
import { GuardedApp } from './testing/guarded-app.js';
import type { Outcome } from './testing/guarded-app.js';
import { TestClock } from './testing/test-clock.js';
import { forge, hmac } from './testing/token-forge.js';

const SECRET = 'an invented secret of more than thirty-two characters';
const HEADER = { alg: 'HS256', typ: 'JWT' };
const CLAIMS = { key: 'invented-key' };
const V1: AuthModuleOptions = {
  publicUrls: [],
  jwksHosts: [],
  secretKey: SECRET,
  now: new TestClock().now,
};
const WITHOUT_SECRET: AuthModuleOptions = { ...V1, secretKey: undefined };
const BOTH: AuthModuleOptions = {
  ...V1,
  publicUrls: ['https://relay.example.com'],
  jwksHosts: ['keys.example.com'],
};

let app: GuardedApp | undefined;

afterEach(async () => {
  await app?.stop();
  app = undefined;
});

async function call(header?: string, options = V1): Promise<Outcome> {
  app ??= await GuardedApp.start(options);
  return app.call(header);
}

function token(claims: unknown = CLAIMS, header: unknown = HEADER, secret = SECRET): string {
  return `Bearer ${forge(header, claims, hmac(secret))}`;
}

function refusal(text: string): object {
  return { refusal: { mode: 'v1', message: `Authorization failed: ${text}` } };
}

describe('a token of the relay’s own secret (HS256)', () => {
  it('names its caller', async () => {
    await expect(call(token())).resolves.toMatchObject({
      caller: { apiKey: 'invented-key', pages: 1, mode: 'v1' },
    });
  });

  it('is accepted as another implementation signs it', async () => {
    const signed = new SignJWT(CLAIMS).setProtectedHeader(HEADER);
    const text = await signed.sign(new TextEncoder().encode(SECRET));
    await expect(call(`Bearer ${text}`)).resolves.toHaveProperty('caller');
  });

  it('may carry paging claims', async () => {
    const claims = { ...CLAIMS, NUMBER_OF_PAGES: '7' };
    await expect(call(token(claims))).resolves.toMatchObject({ caller: { pages: 7 } });
  });

  it('is for everybody, whatever audience it names', async () => {
    const claims = { ...CLAIMS, aud: 'https://other.example.com' };
    await expect(call(token(claims))).resolves.toHaveProperty('caller');
  });

  it.each([
    [{ exp: 0 }, 'JWT has expired'],
    [{ nbf: 9e9 }, 'JWT is not valid yet'],
    [{ exp: 'never' }, 'Wrong JWT payload structure'],
  ])('with the dates %j is refused', async (dates, text) => {
    await expect(call(token({ ...CLAIMS, ...dates }))).resolves.toMatchObject(refusal(text));
  });

  it('is verified beside platform tokens where both are on', async () => {
    await expect(call(token(), BOTH)).resolves.toMatchObject({ caller: { mode: 'v1' } });
  });
});

describe('the v1 error table', () => {
  it('no header', async () => {
    await expect(call()).resolves.toMatchObject(refusal('Authorization header is missing'));
  });

  it('the scheme is not bearer', async () => {
    const header = token().replace('Bearer', 'Basic');
    await expect(call(header)).resolves.toMatchObject(refusal('Wrong authorization type'));
  });

  it.each([undefined, '', null, 5, ['x'], {}])('the key claim %j', async (key) => {
    await expect(call(token({ key }))).resolves.toMatchObject(
      refusal('Wrong JWT payload structure'),
    );
  });

  it.each(['HS256', 'RS256', 'none'])('no secret is set: %s', async (alg) => {
    await expect(call(token(CLAIMS, { alg }), WITHOUT_SECRET)).resolves.toMatchObject(
      refusal('<SECRET_KEY> is missing'),
    );
  });

  it('the signature does not match', async () => {
    await expect(call(token(CLAIMS, HEADER, 'another secret'))).resolves.toMatchObject(
      refusal('Failed to decode JWT with provided key'),
    );
  });

  it('the signature is missing', async () => {
    const unsigned = token().replace(/[^.]*$/, '');
    await expect(call(unsigned)).resolves.toMatchObject(
      refusal('Failed to decode JWT with provided key'),
    );
  });

  it.each(['HS384', 'HS512', 'RS256', 'none', 'hs256'])('the algorithm %s', async (alg) => {
    await expect(call(token(CLAIMS, { alg }))).resolves.toMatchObject(
      refusal('Failed to decode JWT with provided key'),
    );
  });

  it.each(['Bearer abc', 'Bearer a.b.c', 'Bearer', 'Bearer a b', token([]), token('"text"')])(
    'not a JWT: %s',
    async (header) => {
      await expect(call(header)).resolves.toMatchObject(refusal('Wrong JWT structure'));
    },
  );

  it.each([undefined, 'Basic x', 'Bearer abc'])(
    'speaks for a relay of both kinds while the kind is not known: %s',
    async (header) => {
      await expect(call(header, BOTH)).resolves.toMatchObject({ refusal: { mode: 'v1' } });
    },
  );
});
