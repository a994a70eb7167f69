import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { append, ended, itemsOf, NONE, reaches, rejoin } from './pages.js';
import type { Page, Pages } from './pages.js';

const itself = (item: string): string => item;

function numbered(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `item ${from + index}`);
}

function page(items: readonly string[], rest: Partial<Page<string>> = {}): Page<string> {
  return { items, total: 3, reachable: 3, more: true, ...rest };
}

function held(...pages: readonly (readonly string[])[]): Pages<string> {
  return pages.reduce<Pages<string>>((all, items) => append(all, page(items), itself), NONE);
}

describe('append', () => {
  it('begins with the first page', () => {
    expect(append(undefined, page(['a', 'b'], { recordCount: 9 }), itself)).toEqual({
      items: ['a', 'b'],
      sizes: [2],
      total: 3,
      reachable: 3,
      complete: false,
      recordCount: 9,
    });
  });

  it('remembers how many items each page had', () => {
    expect(held(['a', 'b'], ['c'], ['d', 'e']).sizes).toEqual([2, 1, 2]);
  });

  it('does not hold an item twice that moved on to the next page', () => {
    const pages = held(['a', 'b'], ['b', 'c']);
    expect(pages.items).toEqual(['a', 'b', 'c']);
    expect(pages.sizes).toEqual([2, 1]);
  });

  it('is complete with the page after which there is no other', () => {
    expect(append(held(['a']), page(['b'], { more: false }), itself).complete).toBe(true);
  });

  it('takes an empty later page for the end and not for a page', () => {
    const pages = append(held(['a']), page([], { more: false, total: 0, reachable: 0 }), itself);
    expect(pages).toEqual({ ...held(['a']), complete: true });
  });

  it('takes an empty first page for a page: upstream has answered', () => {
    const pages = append(undefined, page([], { more: false, total: 0, reachable: 0 }), itself);
    expect(pages).toMatchObject({ items: [], sizes: [0], complete: true });
  });

  it('goes on after a page whose items were all left out', () => {
    const pages = append(held(['a']), page([]), itself);
    expect(pages).toMatchObject({ items: ['a'], sizes: [1, 0], complete: false });
  });

  it('keeps the greatest hint, which is never below what was read', () => {
    const first = append(undefined, page(['a'], { total: 0, reachable: 0 }), itself);
    expect(first).toMatchObject({ total: 1, reachable: 1 });
    const second = append(first, page(['b'], { total: 9, reachable: 5 }), itself);
    const third = append(second, page(['c'], { total: 2, reachable: 2 }), itself);
    expect(third).toMatchObject({ total: 9, reachable: 5 });
  });

  it('keeps the first count of all items', () => {
    const first = append(undefined, page(['a'], { recordCount: 240 }), itself);
    expect(append(first, page(['b'], { recordCount: 239 }), itself).recordCount).toBe(240);
  });
});

describe('itemsOf', () => {
  const pages = held(['a', 'b'], ['c'], ['d', 'e']);

  it.each([
    [1, ['a', 'b']],
    [2, ['a', 'b', 'c']],
    [3, ['a', 'b', 'c', 'd', 'e']],
    [100, ['a', 'b', 'c', 'd', 'e']],
  ])('gives what %i page(s) give, however many are held', (depth, items) => {
    expect(itemsOf(pages, depth)).toEqual(items);
  });

  it('has nothing of nothing', () => {
    expect(itemsOf(NONE, 5)).toEqual([]);
  });
});

describe('reaches', () => {
  it('needs as many pages as are asked for', () => {
    expect([1, 2, 3].map((depth) => reaches(held(['a'], ['b']), depth))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('needs no more than there are', () => {
    expect(reaches(ended(held(['a'])), 100)).toBe(true);
  });
});

describe('rejoin', () => {
  const head = append(undefined, page(numbered(1, 100), { total: 5, reachable: 5 }), itself);

  it('puts the older items behind the head, in pages of a hundred', () => {
    const pages = rejoin(head, numbered(101, 200), held(numbered(1, 300)));
    expect(pages.items).toEqual(numbered(1, 300));
    expect(pages.sizes).toEqual([100, 100, 100]);
  });

  it('drops a last page that is not whole while upstream has more', () => {
    const pages = rejoin(head, numbered(101, 130), held(numbered(1, 230)));
    expect(pages.items).toEqual(numbered(1, 200));
    expect(pages).toMatchObject({ sizes: [100, 100], complete: false });
  });

  it('keeps a last page that is not whole when it is the last of all', () => {
    const pages = rejoin(head, numbered(101, 130), ended(held(numbered(1, 230))));
    expect(pages).toMatchObject({ sizes: [100, 100, 30], complete: true });
  });

  it('takes the hints of the new head, but none below what is held', () => {
    const hinted = append(undefined, page(numbered(1, 100), { total: 1, reachable: 1 }), itself);
    const pages = rejoin(hinted, numbered(101, 200), held(numbered(1, 300)));
    expect(pages).toMatchObject({ total: 3, reachable: 3 });
    expect(rejoin(head, [], held(['a']))).toMatchObject({ total: 5, reachable: 5 });
  });
});

describe('pages put together in any way', () => {
  const pageItems = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), {
    maxLength: 6,
  });

  it('hold each item once, and as many as their sizes say', () => {
    fc.assert(
      fc.property(fc.array(pageItems, { maxLength: 6 }), (lists) => {
        const pages = held(...lists.map((list) => [...new Set(list)]));
        expect(new Set(pages.items).size).toBe(pages.items.length);
        expect(pages.sizes.reduce((sum, size) => sum + size, 0)).toBe(pages.items.length);
        expect(pages.items).toEqual([...new Set(lists.flat())]);
      }),
    );
  });

  it('give the same first pages whether or not deeper ones are held', () => {
    fc.assert(
      fc.property(
        fc.array(pageItems, { minLength: 1, maxLength: 6 }),
        fc.nat(6),
        (lists, depth) => {
          const unique = lists.map((list) => [...new Set(list)]);
          const few = held(...unique.slice(0, depth));
          expect(itemsOf(held(...unique), depth)).toEqual(few.items);
        },
      ),
    );
  });
});
