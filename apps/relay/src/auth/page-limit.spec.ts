import { describe, expect, it } from '@jest/globals';

import { pageLimit } from './page-limit.js';

describe('pageLimit', () => {
  it.each([
    ['missing', undefined, 1],
    ['null', null, 1],
    ['negative', -1, 1],
    ['a negative text', '-3', 1],
    ['a word', 'many', 1],
    ['an empty text', '', 1],
    ['a fraction as text', '2.9', 1],
    ['an exponent as text', '1e2', 1],
    ['hexadecimal', '0x10', 1],
    ['not a number', Number.NaN, 1],
    ['infinite', JSON.parse('1e999'), 100],
    ['negatively infinite', JSON.parse('-1e999'), 1],
    ['a list', [5], 1],
    ['an object', { valueOf: 5 }, 1],
    ['a fraction', 2.9, 2],
    ['true', true, 1],
    ['false, which counts as 0', false, 100],
    ['a number as text', '3', 3],
    ['a padded number as text', ' 3 ', 3],
    ['zero', 0, 100],
    ['zero as text', '0', 100],
    ['the cap', 100, 100],
    ['more than the cap', 101, 100],
    ['a billion', 1e9, 100],
    ['a text of a thousand digits', '9'.repeat(1_000), 100],
  ])('reads NUMBER_OF_PAGES that is %s', (_name, claim, pages) => {
    expect(pageLimit({ NUMBER_OF_PAGES: claim })).toBe(pages);
  });

  it.each([
    ['missing', undefined, 7],
    ['false', false, 7],
    ['"false"', 'false', 7],
    ['"FALSE"', 'FALSE', 7],
    ['true', true, 100],
    ['"true"', 'true', 100],
    ['"no"', 'no', 100],
    ['0', 0, 100],
    ['an empty text', '', 100],
    ['null', null, 100],
    ['"false" with a blank', 'false ', 100],
    ['a list that prints as false', ['false'], 100],
  ])('reads GET_ALL_PAGES that is %s', (_name, claim, pages) => {
    expect(pageLimit({ GET_ALL_PAGES: claim, NUMBER_OF_PAGES: 7 })).toBe(pages);
  });

  it('wants one page of a token without paging claims', () => {
    expect(pageLimit({})).toBe(1);
  });
});
