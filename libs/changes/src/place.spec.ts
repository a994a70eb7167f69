import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { CHANGE_KINDS } from './change.js';
import { cursorOf, partsOf, placeAt, placeFrom, placeOf } from './place.js';

const change = {
  id: 'ch_0123456789abcdefghi-_A',
  kind: 'RETURNED',
  detectedAt: 1_772_000_000_000,
  observable: { type: 'ipv6', value: '2001:db8::1' },
} as const;

describe('a place', () => {
  it('tells the kind, the type and the id', () => {
    for (const kind of CHANGE_KINDS) {
      expect(partsOf(placeOf({ ...change, kind }))).toEqual({ kind, type: 'ipv6', id: change.id });
    }
  });

  it('sorts as text by time', () => {
    const instants = fc.tuple(fc.nat(4_102_444_800_000), fc.nat(4_102_444_800_000));
    fc.assert(
      fc.property(instants, ([one, other]) => {
        fc.pre(one < other);
        const place = placeOf({ ...change, detectedAt: one });
        expect(place < placeOf({ ...change, detectedAt: other })).toBe(true);
        expect(place >= placeFrom(one)).toBe(true);
        expect(place < placeFrom(other)).toBe(true);
      }),
    );
  });

  it.each([
    [-1, '0000000000000'],
    [1.7, '0000000000001'],
    [Number.POSITIVE_INFINITY, '9999999999999'],
  ])('begins within thirteen digits for the instant %p', (instant, text) => {
    expect(placeFrom(instant)).toBe(text);
  });

  it('comes back from its cursor', () => {
    expect(placeAt(cursorOf(change))).toBe(placeOf(change));
  });

  it.each(['', 'x', Buffer.from('(\u007f').toString('base64url'), `${cursorOf(change)}AAAA`])(
    'does not come from a cursor that nobody gave: %p',
    (cursor) => {
      expect(() => placeAt(cursor)).toThrow(expect.objectContaining({ code: 'bad_cursor' }));
    },
  );
});
