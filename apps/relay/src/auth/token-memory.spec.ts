import { beforeEach, describe, expect, it } from '@jest/globals';

import { AuthError } from './auth.errors.js';
import type { Caller } from './caller.js';
import { TestClock } from './testing/test-clock.js';
import { TokenMemory } from './token-memory.js';
import { validityOf } from './validity.js';

const ALWAYS_VALID = validityOf({}, 'v2');

const CALLER: Caller = { apiKey: 'invented', tenant: '0'.repeat(32), pages: 1, mode: 'v2' };

describe('TokenMemory', () => {
  let clock: TestClock;
  let memory: TokenMemory;
  beforeEach(() => {
    clock = new TestClock();
    memory = new TokenMemory('policy', clock.now);
  });

  it('knows the caller of an accepted token, and of no other', () => {
    memory.accept(memory.keyOf('a.b.c'), CALLER, ALWAYS_VALID);
    expect(memory.recall(memory.keyOf('a.b.c'))).toBe(CALLER);
    expect(memory.recall(memory.keyOf('a.b.d'))).toBeUndefined();
  });

  it('holds keys that do not contain the token and differ by policy', () => {
    const key = memory.keyOf('a.b.c');
    expect(key).not.toContain('a.b.c');
    expect(key).not.toBe(new TokenMemory('other', clock.now).keyOf('a.b.c'));
  });

  it('forgets a token at the end of its validity', () => {
    const key = memory.keyOf('a.b.c');
    memory.accept(key, CALLER, { from: 0, until: clock.now() + 5_000 });
    clock.forward(4_999);
    expect(memory.recall(key)).toBe(CALLER);
    clock.forward(1);
    expect(memory.recall(key)).toBeUndefined();
  });

  it('does not answer for a token before its validity, should the clock be set back', () => {
    const key = memory.keyOf('a.b.c');
    memory.accept(key, CALLER, { from: clock.now(), until: Infinity });
    clock.forward(-1);
    expect(memory.recall(key)).toBeUndefined();
  });

  it('has a token without an end verified again after ten minutes', () => {
    const key = memory.keyOf('a.b.c');
    memory.accept(key, CALLER, ALWAYS_VALID);
    clock.forward(599_999);
    expect(memory.recall(key)).toBe(CALLER);
    clock.forward(1);
    expect(memory.recall(key)).toBeUndefined();
  });

  it.each(['bad-signature', 'wrong-audience', 'expired', 'null-page-number'] as const)(
    'repeats %s for ten seconds',
    (reason) => {
      const key = memory.keyOf('a.b.c');
      memory.refuse(key, AuthError.of('v2', reason));
      clock.forward(9_999);
      expect(() => memory.recall(key)).toThrow(expect.objectContaining({ reason }));
      clock.forward(1);
      expect(memory.recall(key)).toBeUndefined();
    },
  );

  it.each(['wrong-jwks-host', 'unknown-kid', 'payload-structure', 'not-yet-valid'] as const)(
    'does not hold %s against a token, since it may pass at any moment',
    (reason) => {
      const key = memory.keyOf('a.b.c');
      memory.refuse(key, AuthError.of('v2', reason));
      expect(memory.recall(key)).toBeUndefined();
    },
  );

  it('holds at most 10000 tokens', () => {
    const keys = Array.from({ length: 10_001 }, (_, i) => memory.keyOf(`token ${i}`));
    for (const key of keys) {
      memory.accept(key, CALLER, ALWAYS_VALID);
    }
    expect(memory.recall(keys.at(0) ?? '')).toBeUndefined();
    expect(memory.recall(keys.at(1) ?? '')).toBe(CALLER);
  });

  it('holds at most 1000 refusals', () => {
    const keys = Array.from({ length: 1_001 }, (_, i) => memory.keyOf(`token ${i}`));
    for (const key of keys) {
      memory.refuse(key, AuthError.of('v2', 'bad-signature'));
    }
    expect(memory.recall(keys.at(0) ?? '')).toBeUndefined();
    expect(() => memory.recall(keys.at(1) ?? '')).toThrow(AuthError);
  });
});
