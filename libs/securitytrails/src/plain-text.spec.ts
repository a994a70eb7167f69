import { describe, expect, it } from '@jest/globals';
import { cut, plainText } from './plain-text.js';

describe('plainText', () => {
  it.each([
    ['drops control characters at the ends only', 'text\r\n', 'text'],
    ['makes a run of them inside one space', 'a\r\n\tb', 'a b'],
    ['keeps ordinary spaces as they are', '  a  ', '  a  '],
    ['removes terminal escapes', 'a\u001b[31mb', 'a [31mb'],
    ['removes direction overrides and zero-width characters', 'a\u202eb\u200bc', 'a b c'],
    ['removes lone surrogates but not pairs', 'a\ud800b😀', 'a b😀'],
    ['leaves nothing of nothing but control characters', '\u0000\u0001', ''],
  ])('%s', (_, given, expected) => {
    expect(plainText(given)).toBe(expected);
  });
});

describe('cut', () => {
  it('counts characters, not halves of pairs', () => {
    expect(cut('😀😀😀', 2)).toBe('😀😀');
  });

  it('leaves a shorter text whole', () => {
    expect(cut('ab', 3)).toBe('ab');
  });
});
