import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  forge,
  hmac,
  platformKey,
  platformToken,
  rsa,
  unsigned,
} from '../../apps/relay/src/auth/testing/token-forge.js';
import type { Platform } from '../support/platform.js';
import { AUDIENCE, startPlatform } from '../support/platform.js';
import { sendRaw } from '../support/raw-request.js';
import type { RelayStack } from '../support/relay-stack.js';
import { API_KEY, SECRET_KEY, startStack, token } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';

const GUARDED = ['/health', '/observe/observables', '/deliberate/observables'];
const OPEN = ['/version', '/refer/observables'];
const WRONG_HOST =
  'Wrong jwks_host in JWT payload. Make sure domain follows the visibility.<region>.cisco.com structure';
const UNKNOWN_KID = 'kid from JWT header not found in API response';
const WRONG_SIGNATURE =
  'Failed to decode JWT with provided key. Make sure domain in custom_jwks_host corresponds to your SecureX instance region.';

/** One for each test that calls takeSpare. */
const SPARE_PLATFORMS = 9;

const stranger = platformKey('platform-1');
const shaped = hmac('not the secret');

let platform: Platform;
/** Platforms that the relays know too, each for one test to spoil. */
let spare: Platform[];
let taken = 0;
let stack: RelayStack;
/** Takes platform tokens only. */
let modern: ServiceProcess;
/** Takes both kinds. */
let both: ServiceProcess;

beforeAll(async () => {
  platform = await startPlatform();
  spare = await Promise.all(Array.from({ length: SPARE_PLATFORMS }, startPlatform));
  stack = await startStack({ simulator: { acceptAnyKey: true } });
  const hosts = [platform, ...spare].map(({ jwks }) => jwks.host).join();
  [modern, both] = await Promise.all([
    stack.add('relay', { ...platform.env, JWKS_HOSTS: hosts, SECRET_KEY: '' }),
    stack.add('relay', platform.env),
  ]);
}, 40_000);

afterAll(async () => {
  await stack.stop();
  await Promise.all([platform, ...spare].map((one) => one.stop()));
});

async function ask(
  relay: ServiceProcess,
  authorization: string | undefined,
  path = '/health',
): Promise<{ status: number; json: unknown }> {
  const headers = authorization === undefined ? {} : { authorization };
  const { status, text } = await sendRaw(relay.url, { path, headers, body: '[]' });
  return { status, json: JSON.parse(text) };
}

function refused(mode: 'v1' | 'v2', text: string): object {
  const message = `Authorization failed: ${text}`;
  const errors = [{ code: 'authorization error', message, type: 'fatal' }];
  return { status: 200, json: mode === 'v1' ? { data: {}, errors } : { errors } };
}

const ACCEPTED = { status: 200, json: { data: { status: 'ok' } } };

function hs256(claims: object, header: object = {}): string {
  return forge({ alg: 'HS256', typ: 'JWT', ...header }, claims, hmac(SECRET_KEY));
}

describe('a relay with SECRET_KEY (v1)', () => {
  it.each([
    ['no header', undefined, 'Authorization header is missing'],
    ['another scheme', `Basic ${token()}`, 'Wrong authorization type'],
    ['a token without key', `Bearer ${hs256({})}`, 'Wrong JWT payload structure'],
    ['an empty key', `Bearer ${hs256({ key: '' })}`, 'Wrong JWT payload structure'],
    ['a key that is no text', `Bearer ${hs256({ key: 5 })}`, 'Wrong JWT payload structure'],
    [
      'another signature',
      `Bearer ${forge({ alg: 'HS256' }, { key: API_KEY }, shaped)}`,
      'Failed to decode JWT with provided key',
    ],
    ['no JWT', 'Bearer no-token', 'Wrong JWT structure'],
    ['one word', 'Bearer', 'Wrong JWT structure'],
    ['three words', `Bearer ${token()} more`, 'Wrong JWT structure'],
    ['an expired token', `Bearer ${token({ exp: 1 })}`, 'JWT has expired'],
    ['a token of tomorrow', `Bearer ${token({ nbf: 9_000_000_000 })}`, 'JWT is not valid yet'],
    ['a token in parts that are no JSON', 'Bearer YQ.YQ.YQ', 'Wrong JWT structure'],
  ])('refuses %s', async (_what, authorization, text) => {
    for (const path of GUARDED) {
      await expect(ask(stack.relay, authorization, path)).resolves.toEqual(refused('v1', text));
    }
  });

  it.each([
    ['none', { alg: 'none' }, unsigned],
    ['HS384', { alg: 'HS384' }, hmac(SECRET_KEY, 'sha384')],
    ['HS512', { alg: 'HS512' }, hmac(SECRET_KEY, 'sha512')],
    ['RS256', { alg: 'RS256', kid: 'platform-1' }, rsa(stranger.privateKey)],
  ])('refuses the algorithm %s', async (_name, header, signer) => {
    const answer = await ask(stack.relay, `Bearer ${forge(header, { key: API_KEY }, signer)}`);
    expect(answer).toEqual(refused('v1', 'Failed to decode JWT with provided key'));
  });

  it.each([
    ['a usual token', `Bearer ${token()}`],
    ['a scheme in small letters', `bearer ${token()}`],
    ['a token for somebody else', `Bearer ${token({ aud: 'https://elsewhere.example.com' })}`],
    [
      'more claims',
      `Bearer ${token({ jwks_host: 'evil.example.com', iss: 'x', NUMBER_OF_PAGES: 2 })}`,
    ],
  ])('accepts %s', async (_what, authorization) => {
    await expect(ask(stack.relay, authorization)).resolves.toEqual(ACCEPTED);
  });

  it.each(OPEN)('asks for no token at %s', async (path) => {
    const { status, json } = await ask(stack.relay, undefined, path);
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('errors');
  });
});

/** What changes in a good token, and the text it earns (relay-protocol 2.2, by row). */
const CLAIM_ROWS: readonly (readonly [row: string, claims: object, text: string])[] = [
  [
    '5: no jwks_host',
    { jwks_host: undefined },
    'jwks_host is missing in JWT payload. Make sure custom_jwks_host field is present in module_type',
  ],
  ['6: a jwks_host that is not listed', { jwks_host: 'keys.example.com' }, WRONG_HOST],
  ['6: a jwks_host with a path', { jwks_host: 'visibility.amp.cisco.com/x' }, WRONG_HOST],
  ['6: a jwks_host that is no text', { jwks_host: 7 }, WRONG_HOST],
  ['9: no key', { key: undefined }, 'Wrong JWT payload structure'],
  ['9: a key that is no text', { key: 5 }, 'Wrong JWT payload structure'],
  ['11: another aud', { aud: 'https://other.example.com' }, 'Wrong configuration-token-audience'],
  ['11: the aud with a final slash', { aud: `${AUDIENCE}/` }, 'Wrong configuration-token-audience'],
  ['11: a list without the right aud', { aud: ['a', 'b'] }, 'Wrong configuration-token-audience'],
  ['13: no aud', { aud: undefined }, 'Wrong configuration-token-audience'],
  ['14: expired', { exp: 1_000_000_000 }, 'JWT has expired'],
  ['15: nbf in the future', { nbf: 9_000_000_000 }, 'JWT is not valid yet'],
  ['18: NUMBER_OF_PAGES is null', { NUMBER_OF_PAGES: null }, UNKNOWN_KID],
];

describe('a relay with JWKS_HOSTS (v2)', () => {
  it.each([
    ['1: no header', undefined, 'Authorization header is missing'],
    ['2: another scheme', 'Basic a.b.c', 'Wrong authorization type'],
    ['3: one word', 'Bearer', 'Wrong JWT structure'],
    ['3: three words', 'Bearer a.b.c d', 'Wrong JWT structure'],
    ['4: no JWT', 'Bearer no-token', 'Wrong JWT structure'],
  ])('row %s', async (_row, authorization, text) => {
    for (const path of GUARDED) {
      await expect(ask(modern, authorization, path)).resolves.toEqual(refused('v2', text));
    }
  });

  it.each(CLAIM_ROWS)('row %s', async (_row, claims, text) => {
    const authorization = `Bearer ${platform.token(claims)}`;
    await expect(ask(modern, authorization)).resolves.toEqual(refused('v2', text));
    // Told again from memory, it is told the same.
    await expect(ask(modern, authorization)).resolves.toEqual(refused('v2', text));
  });

  it.each([
    ['8: an unknown kid', { kid: 'platform-2' }, UNKNOWN_KID],
    ['9: no kid', { kid: undefined }, 'Wrong JWT payload structure'],
    ['9: a kid that is no text', { kid: 1 }, 'Wrong JWT payload structure'],
  ])('row %s', async (_row, header, text) => {
    const authorization = `Bearer ${platform.token({}, header)}`;
    await expect(ask(modern, authorization)).resolves.toEqual(refused('v2', text));
  });

  it('row 10: the signature of another key', async () => {
    const authorization = `Bearer ${platformToken(stranger, platform.claims())}`;
    await expect(ask(modern, authorization)).resolves.toEqual(refused('v2', WRONG_SIGNATURE));
  });

  it('row 10: claims changed after they were signed', async () => {
    const [header, , signature] = platform.token().split('.');
    const claims = Buffer.from(JSON.stringify(platform.claims({ key: 'x' }))).toString('base64url');
    const answer = await ask(modern, `Bearer ${header}.${claims}.${signature}`);
    expect(answer).toEqual(refused('v2', WRONG_SIGNATURE));
  });

  it.each([
    ['12: an aud list with the right one', { aud: ['https://other.example.com', AUDIENCE] }],
    ['17: an empty key', { key: '' }],
    ['dates that hold', { iat: 1, nbf: 1, exp: 9_000_000_000 }],
    ['paging claims of the wrong kind', { NUMBER_OF_PAGES: 'many', GET_ALL_PAGES: [] }],
  ])('accepts row %s', async (_row, claims) => {
    const answer = await ask(modern, `Bearer ${platform.token(claims)}`, '/deliberate/observables');
    expect(answer).toEqual({ status: 200, json: { data: {} } });
  });

  it('row 17: leaves it to upstream to refuse an empty key', async () => {
    await expect(ask(modern, `Bearer ${platform.token({ key: '' })}`)).resolves.toEqual({
      status: 200,
      json: {
        errors: [
          {
            code: 'unauthorized',
            message: 'Unexpected response from SecurityTrails: Please check user credentials',
            type: 'fatal',
          },
        ],
      },
    });
  });

  it.each([
    ['16: none', { alg: 'none' }, unsigned],
    ['16: HS256 with the public key as secret', { alg: 'HS256' }, undefined],
    ['16: RS384', { alg: 'RS384' }, rsa(stranger.privateKey, 'sha384')],
  ])('row %s', async (_row, header, signer) => {
    const pem = platform.key.publicKey.export({ type: 'spki', format: 'pem' });
    const forged = forge(
      { kid: platform.key.kid, ...header },
      platform.claims(),
      signer ?? hmac(pem.toString()),
    );
    const answer = await ask(modern, `Bearer ${forged}`);
    expect(answer).toEqual(refused('v2', 'Wrong JWT algorithm'));
  });

  it.each([['\u043a\u043b\u044e\u0447'], ['line\r\nX-Injected: 1']])(
    'row 20: the key %j cannot be sent',
    async (key) => {
      const authorization = `Bearer ${platform.token({ key })}`;
      await expect(ask(modern, authorization)).resolves.toEqual(
        refused('v2', 'Invalid authentication credentials'),
      );
      const observed = await sendRaw(modern.url, {
        path: '/observe/observables',
        headers: { authorization },
        body: '[{"type":"domain","value":"moved.example.com"}]',
      });
      expect(JSON.parse(observed.text)).toEqual(
        (refused('v2', 'Invalid authentication credentials') as { json: unknown }).json,
      );
    },
  );

  it('does not take the audience from the Host header', async () => {
    const { text } = await sendRaw(modern.url, {
      path: '/health',
      headers: {
        host: 'evil.example.com',
        'x-forwarded-host': 'evil.example.com',
        authorization: `Bearer ${platform.token({ aud: 'http://evil.example.com' })}`,
      },
    });
    expect(text).toContain('Wrong configuration-token-audience');
  });

  it('takes no HS256 token without a SECRET_KEY', async () => {
    await expect(ask(modern, `Bearer ${token()}`)).resolves.toEqual(
      refused('v2', 'Wrong JWT algorithm'),
    );
  });
});

describe('a key set that cannot be used', () => {
  it.each([
    ['6: HTTP 404', '{"keys":[]}', 404, WRONG_HOST],
    ['6: HTTP 500', '{"keys":[]}', 500, WRONG_HOST],
    ['6: a redirect', '', 302, WRONG_HOST],
    ['6: no JSON', '<html>', 200, WRONG_HOST],
    ['8: no keys in it', '{"keys":[]}', 200, UNKNOWN_KID],
    ['9: no list of keys', '{"other":1}', 200, 'Wrong JWT payload structure'],
  ])('row %s', async (_row, body, status, text) => {
    const spoilt = takeSpare();
    spoilt.jwks.serve(body, status);
    const answer = await ask(modern, `Bearer ${spoilt.token()}`);
    expect(answer).toEqual(refused('v2', text));
  });

  it('row 6: the connection breaks', async () => {
    const spoilt = takeSpare();
    spoilt.jwks.answer((request) => request.socket.resetAndDestroy());
    const answer = await ask(modern, `Bearer ${spoilt.token()}`);
    expect(answer).toEqual(refused('v2', WRONG_HOST));
  });

  it('row 6: nobody listens', async () => {
    const gone = takeSpare();
    await gone.jwks.stop();
    const answer = await ask(modern, `Bearer ${gone.token()}`);
    expect(answer).toEqual(refused('v2', WRONG_HOST));
  });

  it('is asked for once for many calls, and only at its well-known path', async () => {
    const busy = takeSpare();
    const tokens = Array.from({ length: 20 }, (_, n) => busy.token({ n }));
    const answers = await Promise.all(tokens.map((one) => ask(modern, `Bearer ${one}`)));
    expect(answers).toEqual(tokens.map(() => ACCEPTED));
    expect(busy.jwks.calls).toEqual(['/.well-known/jwks']);
  });
});

describe('a relay that takes both kinds', () => {
  it('accepts each by its own key', async () => {
    await expect(ask(both, `Bearer ${token()}`)).resolves.toEqual(ACCEPTED);
    await expect(ask(both, `Bearer ${platform.token()}`)).resolves.toEqual(ACCEPTED);
  });

  it('refuses each in its own words', async () => {
    const forged = forge({ alg: 'HS256' }, { key: API_KEY }, shaped);
    await expect(ask(both, `Bearer ${forged}`)).resolves.toEqual(
      refused('v1', 'Failed to decode JWT with provided key'),
    );
    await expect(
      ask(both, `Bearer ${platformToken(stranger, platform.claims())}`),
    ).resolves.toEqual(refused('v2', WRONG_SIGNATURE));
  });
});

function takeSpare(): Platform {
  const next = spare[taken];
  taken += 1;
  if (next === undefined) {
    throw new Error('There are fewer spare platforms than tests that need one');
  }
  return next;
}
