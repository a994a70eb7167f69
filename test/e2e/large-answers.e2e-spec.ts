import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { post, startStack, token } from '../support/relay-stack.js';
import type { RelayStack } from '../support/relay-stack.js';
import { residentBytes } from '../support/resident-bytes.js';
import { expectObserveAnswer } from '../support/sound-answer.js';

const ADDRESS = '192.0.2.8';
/** A hundred pages of names: as much as upstream gives out about one address. */
const NAMES = 10_000;
const MOST_ANSWERED = 40 * 1024 * 1024;
const MOST_RESIDENT = 700 * 1024 * 1024;

let stack: RelayStack;

beforeAll(async () => {
  stack = await startStack({ env: { SECURITYTRAILS_RPS: '10000' } });
  stack.simulator.setHosts(
    ADDRESS,
    Array.from({ length: NAMES }, (_, index) => `h${index}.example.com`),
  );
}, 30_000);

afterAll(() => stack.stop());

function observe(observables: readonly object[], claims: object) {
  const authorization = `Bearer ${token(claims)}`;
  return post(stack.relay.url, '/observe/observables', observables, { authorization });
}

describe('a short call for a large answer', () => {
  it('gets what fits and is told of the rest, and the relay stays small', async () => {
    const asked = Array.from({ length: 300 }, () => ({ type: 'ip', value: ADDRESS }));
    const { text, json } = await observe(asked, { GET_ALL_PAGES: true });
    expect(text.length).toBeLessThan(MOST_ANSWERED);
    const { data, errors } = json as {
      data: { sightings: { count: number } };
      errors: readonly object[];
    };
    expect(data.sightings.count).toBeGreaterThan(1);
    expect(errors).toEqual([
      {
        code: 'unknown',
        message:
          'The answer has grown too large; ask for fewer observables or pages at a time (ip 192.0.2.8)',
        type: 'warning',
      },
    ]);
    expect(await residentBytes(stack.relay.url)).toBeLessThan(MOST_RESIDENT);
  }, 40_000);

  it('costs no memory for every depth that it may name', async () => {
    for (let depth = 1; depth <= 100; depth += 1) {
      const answer = await observe([{ type: 'ip', value: ADDRESS }], { NUMBER_OF_PAGES: depth });
      expect(answer.json).toMatchObject({ data: { sightings: { count: 1 } } });
    }
    expectObserveAnswer(await observe([{ type: 'ip', value: ADDRESS }], { NUMBER_OF_PAGES: 100 }));
    expect(await residentBytes(stack.relay.url)).toBeLessThan(MOST_RESIDENT);
  }, 40_000);
});
