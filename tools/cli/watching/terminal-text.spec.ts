import { describe, expect, it } from '@jest/globals';

import { durationText, jsonLine, minuteText, numberText, shown } from './terminal-text.js';

describe('jsonLine', () => {
  it('escapes what a terminal would obey, and reads back as the same value', () => {
    const value = { note: 'a\u001b[31m\u009b31m\u202e\u2028\u007f', name: 'grün \u{1f600}' };
    const line = jsonLine(value);
    expect(shown(line)).toBe(line);
    expect(JSON.parse(line)).toEqual(value);
  });
});

describe('shown', () => {
  it('makes half a surrogate pair a mark as well', () => {
    expect(shown('a\ud800b')).toBe('a\ufffdb');
  });
});

describe('instants and numbers', () => {
  it('are shown in UTC to the minute, or as a dash', () => {
    expect(minuteText(Date.parse('2026-11-22T10:05:59.999+01:00'))).toBe('2026-11-22T09:05Z');
    expect([minuteText(null), numberText(null)]).toEqual(['-', '-']);
  });

  it.each([
    [3_600, '1h'],
    [86_400, '1d'],
    [129_600, '36h'],
    [5_400, '90m'],
    [3_661, '3661s'],
  ])('tells %d s as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it('have two decimals at most', () => {
    expect([numberText(1234.5678), numberText(90_000)]).toEqual(['1234.57', '90000']);
  });
});
