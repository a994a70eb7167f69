import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  answered,
  bearer,
  expectUnharmed,
  FUZZ_LIMIT_MS,
  holds,
  LIST,
  OBSERVE,
  send,
} from '../support/fuzzing.js';
import {
  anyBody,
  anyFraming,
  anyHeaderLine,
  anyTarget,
  anyVerb,
  valuesIn,
} from '../support/hostile-values.js';
import { rawExchange } from '../support/raw-exchange.js';
import type { RawAnswer } from '../support/raw-exchange.js';
import { startStack, token } from '../support/relay-stack.js';
import type { RelayStack } from '../support/relay-stack.js';
import {
  expectNothingInside,
  expectObserveAnswer,
  expectReferAnswer,
} from '../support/sound-answer.js';

let stack: RelayStack;

beforeAll(async () => {
  stack = await startStack({ env: { LOG_LEVEL: 'trace', SECURITYTRAILS_RPS: '10000' } });
}, 40_000);

afterAll(() => stack.stop());

/** 400 and 431 are Node's own, 417 its answer to an expectation that nobody can meet. */
function expectHeadersSound(answer: RawAnswer | undefined): void {
  if (answer !== undefined) {
    expect([200, 206, 304, 400, 404, 405, 417, 431]).toContain(answer.status);
    expect(answer.headers['x-injected']).toBeUndefined();
    expect(answer.headers['x-request-id'] ?? 'none').toMatch(/^[\w.:-]{1,128}$/);
  }
}

describe('requests of bad will', () => {
  it(
    'with any body are answered in the envelope',
    async () => {
      const headers = [bearer(token())];
      await holds(
        fc.asyncProperty(anyBody, async (body) => {
          const { url } = stack.relay;
          expectObserveAnswer(await answered(url, { headers, body }), valuesIn(body));
          expectReferAnswer(await answered(url, { path: '/refer/observables', body }));
        }),
      );
    },
    FUZZ_LIMIT_MS,
  );

  it(
    'with any headers get back nothing that could be one',
    async () => {
      const target = fc.constantFrom(
        ['GET', '/watchdog'] as const,
        ['POST', OBSERVE] as const,
        ['POST', '/version'] as const,
        ['GET', '/docs/swagger-ui.css'] as const,
        ['GET', '/openapi.json'] as const,
      );
      const lines = fc.array(anyHeaderLine, { maxLength: 20 });
      await holds(
        fc.asyncProperty(target, lines, async ([method, path], headers) => {
          const sent = { method, path, headers };
          expectHeadersSound(await send(stack.relay.url, sent, { endAfterMs: 200 }));
        }),
      );
    },
    FUZZ_LIMIT_MS,
  );

  it(
    'with lengths that lie and chunks that are none are answered or closed',
    async () => {
      await holds(
        fc.asyncProperty(anyFraming(LIST), async ([fields, body]) => {
          const head = ['POST /refer/observables HTTP/1.1', 'host: relay.example.com', ...fields];
          const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
          const answer = await rawExchange(stack.relay.url, bytes, { endAfterMs: 20 });
          expect([200, 400, 413, undefined]).toContain(answer?.status);
        }),
      );
    },
    FUZZ_LIMIT_MS,
  );

  it(
    'for any path by any verb are answered, and show nothing of the inside',
    async () => {
      await holds(
        fc.asyncProperty(anyVerb, anyTarget(OBSERVE), async (method, path) => {
          const answer = await answered(stack.relay.url, { method, path });
          expect([200, 301, 302, 304, 400, 404, 405]).toContain(answer.status);
          const isOurs = answer.headers['content-type'] === 'application/json';
          expectNothingInside(isOurs ? answer : { ...answer, text: '' });
        }),
      );
    },
    FUZZ_LIMIT_MS,
  );

  it('leave the relay unharmed', async () => {
    await expectUnharmed(stack.relay);
  });
});
