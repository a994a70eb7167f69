import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { JwksServer } from '../../apps/relay/src/auth/testing/jwks-server.js';
import {
  forge,
  hmac,
  platformKey,
  platformToken,
  rsa,
  unsigned,
} from '../../apps/relay/src/auth/testing/token-forge.js';
import {
  answered,
  bearer,
  expectUnharmed,
  FUZZ_LIMIT_MS,
  holds,
  LIST,
} from '../support/fuzzing.js';
import { anyHeaderValue, anyJson } from '../support/hostile-values.js';
import type { RawAnswer } from '../support/raw-exchange.js';
import { API_KEY, SECRET_KEY, startStack, token } from '../support/relay-stack.js';
import type { RelayStack } from '../support/relay-stack.js';
import type { ServiceProcess } from '../support/service-process.js';
import { expectObserveAnswer } from '../support/sound-answer.js';

const PUBLIC_URL = 'http://relay.example.com';
const body = Buffer.from(LIST);
const platform = platformKey('fuzz');

let stack: RelayStack;
let jwks: JwksServer;
/** Takes RS256 tokens only; the stack's own takes HS256 tokens only. */
let platformRelay: ServiceProcess;

beforeAll(async () => {
  jwks = await JwksServer.start();
  jwks.serve([platform.jwk]);
  stack = await startStack({ env: { LOG_LEVEL: 'trace' } });
  const env = { SECRET_KEY: '', JWKS_HOSTS: jwks.host, PUBLIC_URL };
  platformRelay = await stack.add('relay', env);
}, 40_000);

afterAll(async () => {
  await stack.stop();
  await jwks.stop();
});

/** What Node's parser lets through is refused in the envelope; the rest is not for us to answer. */
function expectRefusal(answer: RawAnswer): void {
  if (answer.status === 200) {
    expectObserveAnswer(answer);
    expect(answer.text).toContain('"authorization error"');
  } else {
    expect([400, 431]).toContain(answer.status);
  }
}

const claims = fc.record(
  {
    key: fc.oneof(fc.constant(API_KEY), anyJson),
    NUMBER_OF_PAGES: anyJson,
    GET_ALL_PAGES: anyJson,
    jwks_host: fc.oneof(fc.webAuthority(), anyJson),
    aud: fc.oneof(fc.constant([PUBLIC_URL]), anyJson),
    exp: anyJson,
    nbf: anyJson,
  },
  { requiredKeys: [] },
);
const extraHeader = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      { kid: anyJson, crit: anyJson, jku: anyJson, b64: anyJson, typ: anyJson },
      { requiredKeys: [] },
    ),
  },
);
const algorithm = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constantFrom('none', 'HS512', 'rs256', 'RS512', 'PS256') },
  { weight: 1, arbitrary: anyJson },
);

/** The token with some bytes of one part's content changed, never back to what they were. */
function mutated(text: string, which: number, place: number, change: Buffer): string {
  const parts = text.split('.');
  const bytes = Buffer.from(parts[which] ?? '', 'base64url');
  const at = place % bytes.length;
  const tail = bytes.subarray(at + change.length);
  const changed = Buffer.concat([bytes.subarray(0, at), change, tail]);
  if (changed.equals(bytes)) {
    changed[at] = (changed[at] ?? 0) ^ 1;
  }
  parts[which] = changed.toString('base64url');
  return parts.join('.');
}

describe('callers of bad will', () => {
  it(
    'are refused with any authorization that nobody signed',
    async () => {
      const scheme = fc.constantFrom('', 'Bearer ', 'bearer\t', 'Basic ', 'Bearer  ', 'Bearer a ');
      await holds(
        fc.asyncProperty(scheme, anyHeaderValue, async (word, value) => {
          for (const { url } of [stack.relay, platformRelay]) {
            const headers = [`authorization: ${word}${value}`];
            expectRefusal(await answered(url, { headers, body }));
          }
        }),
      );
    },
    FUZZ_LIMIT_MS,
  );

  it(
    'are refused with a good token of which anything is changed',
    async () => {
      const part = fc.nat({ max: 2 });
      const bytes = fc.uint8Array({ minLength: 1, maxLength: 3 });
      const good = { key: API_KEY, jwks_host: jwks.host, aud: PUBLIC_URL };
      const tokens = [
        [stack.relay.url, token()],
        [platformRelay.url, platformToken(platform, good)],
      ] as const;
      await holds(
        fc.asyncProperty(part, fc.nat(), bytes, async (which, place, change) => {
          for (const [url, text] of tokens) {
            const headers = [bearer(mutated(text, which, place, Buffer.from(change)))];
            const answer = await answered(url, { headers, body });
            expectObserveAnswer(answer);
            expect(answer.text).toContain('"authorization error"');
          }
        }),
      );
    },
    FUZZ_LIMIT_MS,
  );

  it(
    'are answered in the envelope whatever stands in a well-signed token',
    async () => {
      await holds(
        fc.asyncProperty(algorithm, claims, extraHeader, async (alg, given, extra) => {
          const fields = (usual: string) => ({ typ: 'JWT', alg: alg ?? usual, ...extra });
          const signer = (usual: typeof unsigned) => (alg === 'none' ? unsigned : usual);
          const forPlatform = { jwks_host: jwks.host, aud: PUBLIC_URL, ...given };
          const texts = [
            forge(fields('HS256'), given, signer(hmac(SECRET_KEY))),
            forge(
              { kid: platform.kid, ...fields('RS256') },
              forPlatform,
              signer(rsa(platform.privateKey)),
            ),
          ];
          for (const { url } of [stack.relay, platformRelay]) {
            for (const text of texts.filter(({ length }) => length < 15_000)) {
              expectObserveAnswer(await answered(url, { headers: [bearer(text)], body }));
            }
          }
        }),
      );
    },
    FUZZ_LIMIT_MS,
  );

  it('leave the relays unharmed', async () => {
    await expectUnharmed(stack.relay);
    await expectUnharmed(platformRelay);
  });
});
