import { describe, expect, it } from '@jest/globals';

import { parseExpiry } from './expiry.js';

const NOW = Date.parse('2026-11-22T10:00:00Z');

describe('an expiry', () => {
  it.each([
    ['2027-03-01', '2027-03-01T00:00:00.000Z'],
    [' 2027-03-01T12:30Z ', '2027-03-01T12:30:00.000Z'],
    ['2027-03-01 12:30', '2027-03-01T12:30:00.000Z'],
    ['2027-03-01T12:30:00.5+02:00', '2027-03-01T10:30:00.500Z'],
    ['2020-02-29', '2020-02-29T00:00:00.000Z'],
    ['30d', '2026-12-22T10:00:00.000Z'],
    ['2 W', '2026-12-06T10:00:00.000Z'],
    ['12h', '2026-11-22T22:00:00.000Z'],
    ['P30D', '2026-12-22T10:00:00.000Z'],
    ['p1w', '2026-11-29T10:00:00.000Z'],
    ['P1M', '2026-12-22T10:00:00.000Z'],
    ['P1DT2H30M', '2026-11-23T12:30:00.000Z'],
    ['PT90S', '2026-11-22T10:01:30.000Z'],
  ])('is read from %j', (text, expected) => {
    expect(new Date(parseExpiry(text, NOW) ?? NaN).toISOString()).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'P',
    'PT',
    'soon',
    '30',
    'd',
    '-5d',
    '1.5d',
    '2027-02-30',
    '2027-13-01',
    '01.03.2027',
    '03/01/2027',
    '2027-03-01T25:00Z',
    `P${'1'.repeat(100_000)}D`,
  ])('is not read from %j', (text) => {
    expect(parseExpiry(text, NOW)).toBeUndefined();
  });
});
