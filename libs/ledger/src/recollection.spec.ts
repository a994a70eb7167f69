import { describe, expect, it } from '@jest/globals';

import type { Recollection } from './recollection.js';
import { hasForgotten, lostCalls, NOTHING_REMEMBERED, remembered } from './recollection.js';

const READING = { at: 10, used: 5, allowed: 100, base: 4, seen: 5 };

function known(more: Partial<Recollection> = {}): Recollection {
  return { ...NOTHING_REMEMBERED, generation: 'one', ...more };
}

describe('what a process remembers', () => {
  it('is the highest count of the generation, and the newest reading', () => {
    const first = remembered(known({ count: 7, reading: READING }), {
      generation: 'one',
      count: 6,
      reading: { ...READING, at: 9 },
    });
    expect(first).toEqual(known({ count: 7, reading: READING }));
    const newer = { ...READING, at: 11 };
    expect(remembered(first, { generation: 'one', count: 8, reading: newer })).toEqual(
      known({ count: 8, reading: newer }),
    );
  });

  it('of an earlier generation is kept apart', () => {
    const next = remembered(known({ count: 7 }), { generation: 'two', count: 1, reading: null });
    expect(next).toMatchObject({ generation: 'two', count: 1, before: 7 });
    expect(remembered(next, { generation: 'three', count: 9, reading: null })).toMatchObject({
      generation: 'three',
      count: 9,
      before: 7,
    });
  });
});

describe('the calls that are lost', () => {
  const held = { generation: 'two', generationOwn: 0, own: 3, lost: 0 };

  it.each([
    ['none, for who remembers nothing', held, NOTHING_REMEMBERED, 0],
    ['all of another generation', held, known({ count: 9 }), 9],
    ['those already known, if more', { ...held, lost: 12 }, known({ count: 9 }), 12],
    ['what is missing of this one', held, known({ generation: 'two', count: 5 }), 2],
    ['those of any before it', held, known({ generation: 'two', count: 3, before: 8 }), 8],
    ['less what was held as it began', { ...held, generationOwn: 3 }, known({ count: 9 }), 6],
  ])('are %s', (_, month, process, expected) => {
    expect(lostCalls(month, process)).toBe(expected);
  });

  it('begin another generation when they were of this one', () => {
    expect(hasForgotten(held, known({ generation: 'two', count: 4 }))).toBe(true);
    expect(hasForgotten(held, known({ generation: 'two', count: 3 }))).toBe(false);
    expect(hasForgotten(held, known({ count: 4 }))).toBe(false);
  });
});
