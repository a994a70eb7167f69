import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { answered, bearer, expectUnharmed, FUZZ_LIMIT_MS, holds } from '../support/fuzzing.js';
import { upstreamBody, upstreamStatus } from '../support/hostile-upstream.js';
import { valuesIn } from '../support/hostile-values.js';
import { startStack, token } from '../support/relay-stack.js';
import type { RelayStack } from '../support/relay-stack.js';
import { expectObserveAnswer } from '../support/sound-answer.js';

let stack: RelayStack;
/** Other names in every run, so that none is answered from what an earlier one left. */
let run = 0;

beforeAll(async () => {
  stack = await startStack({ env: { LOG_LEVEL: 'trace', SECURITYTRAILS_RPS: '10000' } });
}, 40_000);

afterAll(() => stack.stop());

function neverAsked(): Buffer {
  run += 1;
  const host = `fuzz${run}.example.com`;
  return Buffer.from(
    JSON.stringify([
      { type: 'domain', value: host },
      { type: 'domain', value: ` ${host.toUpperCase()}.` },
      { type: 'ip', value: `198.18.${(run >> 8) & 255}.${run & 255}` },
      { type: 'ipv6', value: `2001:db8::1:${run.toString(16)}` },
    ]),
  );
}

describe('an upstream of bad will', () => {
  it(
    'is made into valid documents, or into an error, whatever it sends',
    async () => {
      const pages = fc.integer({ min: 1, max: 3 });
      await holds(
        fc.asyncProperty(upstreamStatus, upstreamBody, pages, async (status, json, depth) => {
          stack.simulator.clearFaults();
          stack.simulator.fault({ kind: 'status', status, body: json });
          const body = neverAsked();
          const headers = [bearer(token({ NUMBER_OF_PAGES: depth }))];
          const answer = await answered(stack.relay.url, { headers, body });
          expectObserveAnswer(answer, valuesIn(body));
          expect(answer.text).not.toContain('Something went wrong');
        }),
      );
    },
    FUZZ_LIMIT_MS,
  );

  it('leaves the relay unharmed', async () => {
    await expectUnharmed(stack.relay);
  });
});
