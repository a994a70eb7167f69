import { describe, expect, it } from '@jest/globals';

import { probed, refusedAgain } from './halt.js';
import type { Halt } from './halt.js';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-22T10:00:00Z');
const BAD_KEY = { scope: 'key', reason: 'bad_key' } as const;

/** The halt after so many refusals, each of a refresh that tried when it was time. */
function after(refusals: number): Halt {
  let halt = refusedAgain(undefined, BAD_KEY, NOW);
  for (let count = 1; count < refusals; count += 1) {
    halt = refusedAgain(probed(halt, halt.retryAt), BAD_KEY, halt.retryAt);
  }
  return halt;
}

describe('a halt', () => {
  it('begins with the first refusal and is tried after five minutes', () => {
    const expected = { since: NOW, retryAt: NOW + 5 * MINUTE, tries: 1, probing: false };
    expect(after(1)).toEqual({ ...BAD_KEY, ...expected });
  });

  it('waits twice as long after each try, six hours at most', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 20].map((count) => {
      const [last, before] = [after(count), count === 1 ? undefined : after(count - 1)];
      return (last.retryAt - (before?.retryAt ?? NOW)) / MINUTE;
    });
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 360, 360]);
    expect(after(20).since).toBe(NOW);
  });

  it('is not lengthened by refusals of what was under way when it began', () => {
    const halt = after(1);
    expect(refusedAgain(halt, BAD_KEY, NOW + 1_000)).toBe(halt);
  });

  it('lets one try, and another if nothing is heard of that one', () => {
    const halt = after(1);
    const trying = probed(halt, halt.retryAt);
    expect(trying).toEqual({ ...halt, retryAt: halt.retryAt + MINUTE, probing: true });
    expect(refusedAgain(trying, BAD_KEY, halt.retryAt + 1_000).tries).toBe(2);
  });
});
