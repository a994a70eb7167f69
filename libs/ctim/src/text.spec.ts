import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { clip } from './text.js';

describe('clip', () => {
  it('leaves a text alone that just fits', () => {
    expect(clip('abcde', 5)).toBe('abcde');
  });

  it('marks the end of a text that it cuts', () => {
    expect(clip('abcdef', 5)).toBe('abcd…');
  });

  it('does not cut an emoji in half', () => {
    expect(clip('abc😀def', 5)).toBe('abc…');
  });

  it('replaces half a character that comes in', () => {
    expect(clip('a\ud83d', 5)).toBe('a\ufffd');
  });

  it('keeps to the limit, to whole characters and to the beginning of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 12 }), (text, max) => {
        const clipped = clip(text, max);
        expect(clipped.length).toBeLessThanOrEqual(max);
        expect(clipped.isWellFormed()).toBe(true);
        expect(text.startsWith(clipped.replace(/…$/u, ''))).toBe(true);
      }),
    );
  });
});
