import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { day, interval } from '../../testing/history-upstream.js';
import { intervalKey, joinNeighbours, olderIntervals, valueSpans } from './interval.js';
import type { Interval } from './interval.js';

const A = '192.0.2.1';
const B = '192.0.2.2';

describe('joinNeighbours', () => {
  it.each([
    ['on the same day', 10, 1],
    ['on the next day', 11, 1],
    ['after a day between', 12, 2],
    ['after years', 1_000, 2],
  ])(
    'takes equal values that come back %s for %i-day starts as %i interval(s)',
    (_, start, count) => {
      const joined = joinNeighbours([interval(start, start + 5, A), interval(1, 10, A)]);
      expect(joined).toHaveLength(count);
    },
  );

  it('spans a joined interval from its first to its last day', () => {
    const joined = joinNeighbours([interval(21, 30, A), interval(11, 20, A), interval(1, 10, A)]);
    expect(joined).toEqual([interval(1, 30, A)]);
  });

  it('joins sets whatever the order of their values', () => {
    expect(joinNeighbours([interval(11, 20, A, B), interval(1, 10, B, A)])).toHaveLength(1);
  });

  it.each([
    ['more', [A, B], [A]],
    ['fewer', [A], [A, B]],
    ['other', [A], [B]],
    ['doubled against other', [A, A], [A, B]],
    ['other against doubled', [A, B], [A, A]],
  ])('keeps neighbours with %s values apart', (_, newer, older) => {
    const list = [interval(11, 20, ...newer), interval(1, 10, ...older)];
    expect(joinNeighbours(list)).toEqual(list);
  });

  it('does not join across another answer between', () => {
    const list = [interval(21, 30, A), interval(11, 20, B), interval(1, 10, A)];
    expect(joinNeighbours(list)).toEqual(list);
  });

  it('keeps a running interval running when it takes up an older one', () => {
    expect(joinNeighbours([interval(11, null, A), interval(1, 10, A)])).toEqual([
      interval(1, null, A),
    ]);
  });

  it.each([
    ['the older has no end', interval(11, 20, A), interval(1, null, A)],
    ['the newer has no beginning', interval(null, 20, A), interval(1, 10, A)],
  ])('joins nothing over an unknown border: %s', (_, newer, older) => {
    expect(joinNeighbours([newer, older])).toEqual([newer, older]);
  });

  it('does not forget a known beginning for an unknown one', () => {
    expect(joinNeighbours([interval(11, 20, A), interval(null, 10, A)])).toEqual([
      interval(11, 20, A),
    ]);
  });

  it('unites the owners of what it joins', () => {
    const older = { ...interval(1, 10, A), orgs: ['Old Example Ltd.', 'Example Hosting Inc.'] };
    const [joined] = joinNeighbours([interval(11, 20, A), older]);
    expect(joined?.orgs).toEqual(['Example Hosting Inc.', 'Old Example Ltd.']);
  });
});

describe('valueSpans', () => {
  it('counts a value once for every stay, joined stays as one', () => {
    const spans = valueSpans([
      interval(41, 50, A),
      interval(31, 40, A),
      interval(21, 30, B),
      interval(1, 9, A),
    ]);
    expect(
      spans.map(({ value, first, last, intervals }) => [value, first, last, intervals]),
    ).toEqual([
      [A, day(1), day(50), 2],
      [B, day(21), day(30), 1],
    ]);
  });

  it('counts a value once in an interval that names it twice', () => {
    expect(valueSpans([interval(1, 2, A, A)])).toMatchObject([{ value: A, intervals: 1 }]);
  });

  it('has no last day while any stay runs', () => {
    expect(valueSpans([interval(50, 60, A), interval(1, null, A)])).toMatchObject([
      { value: A, first: day(1), last: null },
    ]);
  });

  it('takes the earliest day that is known', () => {
    expect(valueSpans([interval(50, 60, A), interval(null, 10, A)])).toMatchObject([
      { first: day(50), last: day(60) },
    ]);
    expect(valueSpans([interval(null, 60, A), interval(1, 10, A)])).toMatchObject([
      { first: day(1) },
    ]);
  });

  it('passes over intervals without a value', () => {
    expect(valueSpans([interval(1, 2)])).toEqual([]);
  });
});

/** As the vendor has them: newest first, none overlapping, borders of all three kinds. */
const vendorHistories = fc
  .array(
    fc.record({
      length: fc.nat({ max: 9 }),
      gap: fc.constantFrom(0, 0, 1, 1, 2, 30),
      values: fc.subarray([A, B, '192.0.2.3'], { minLength: 1 }),
    }),
    { maxLength: 40 },
  )
  .map((stays) => {
    let [at, begun] = [0, -1];
    return stays
      .map(({ length, gap, values }): Interval => {
        // An interval begins later than the one before it, whatever the border.
        const first = Math.max(at + gap, begun + 1);
        [at, begun] = [first + length, first];
        return interval(first, at, ...values);
      })
      .reverse();
  });

/** Anything a mistaken vendor could send. */
const anyIntervals = fc
  .array(
    fc.tuple(
      fc.option(fc.nat({ max: 60 })),
      fc.option(fc.nat({ max: 60 })),
      fc.array(fc.constantFrom(A, B, '192.0.2.3', '2001:db8::1'), { maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((list) => list.map(([first, last, values]) => interval(first, last, ...values)));

/** Addresses with their first and last day, worked out one address at a time. */
function naiveSpans(intervals: readonly Interval[]): Record<string, (string | null)[]> {
  const values = new Set(intervals.flatMap((one) => one.values));
  return Object.fromEntries(
    [...values].map((value) => {
      const stays = intervals.filter((one) => one.values.includes(value));
      const firsts = stays.flatMap(({ first }) => first ?? []).sort();
      const lasts = stays.map(({ last }) => last);
      const last = lasts.includes(null) ? null : lasts.sort().at(-1);
      return [value, [firsts[0] ?? null, last ?? null]];
    }),
  );
}

function firstAndLast(intervals: readonly Interval[]): Record<string, (string | null)[]> {
  return Object.fromEntries(
    valueSpans(intervals).map(({ value, first, last }) => [value, [first, last]]),
  );
}

/** On which days a value was there, out of the joined or the unjoined intervals. */
function daysSeen(intervals: readonly Interval[], value: string): Set<string> {
  const days = new Set<string>();
  for (const { first, last, values } of intervals) {
    for (
      let at = Date.parse(first ?? '');
      values.includes(value) && at <= Date.parse(last ?? '');
    ) {
      days.add(new Date(at).toISOString().slice(0, 10));
      at += 86_400_000;
    }
  }
  return days;
}

describe('spans of arbitrary histories', () => {
  it('have the first and last day that a look at each address alone finds', () => {
    fc.assert(
      fc.property(fc.oneof(vendorHistories, anyIntervals), (intervals) => {
        expect(firstAndLast(intervals)).toEqual(naiveSpans(intervals));
      }),
    );
  });

  it('claim no day that upstream does not, and lose none', () => {
    fc.assert(
      fc.property(vendorHistories, (intervals) => {
        const joined = joinNeighbours(intervals);
        for (const value of [A, B]) {
          expect(daysSeen(joined, value)).toEqual(daysSeen(intervals, value));
        }
      }),
    );
  });

  it('leave no two neighbours that could still be joined', () => {
    fc.assert(
      fc.property(vendorHistories, (intervals) => {
        const joined = joinNeighbours(intervals);
        expect(joinNeighbours(joined)).toEqual(joined);
      }),
    );
  });

  it('count no more stays than there are intervals, and at least one', () => {
    fc.assert(
      fc.property(anyIntervals, (intervals) => {
        for (const { value, intervals: stays } of valueSpans(intervals)) {
          expect(stays).toBeGreaterThanOrEqual(1);
          expect(stays).toBeLessThanOrEqual(
            intervals.filter(({ values }) => values.includes(value)).length,
          );
        }
      }),
    );
  });
});

describe('intervalKey', () => {
  it('is the same while the last day moves and the values change places', () => {
    expect(intervalKey(interval(1, 10, A, B))).toBe(intervalKey(interval(1, null, B, A)));
  });

  it.each([
    ['beginning', interval(2, 10, A)],
    ['unknown beginning', interval(null, 10, A)],
    ['values', interval(1, 10, B)],
    ['set of values', interval(1, 10, A, B)],
  ])('is another with another %s', (_, other) => {
    expect(intervalKey(other)).not.toBe(intervalKey(interval(1, 10, A)));
  });
});

describe('olderIntervals', () => {
  const held = [interval(21, 25, A), interval(11, 20, B), interval(1, 10, A)];

  it('gives what is held below the head when one interval is in both', () => {
    const head = [interval(26, 30, B), interval(21, 26, A)];
    expect(olderIntervals(head, held)).toEqual(held.slice(1));
  });

  it('gives nothing more when the head reaches as deep as what is held', () => {
    expect(olderIntervals(held, held)).toEqual([]);
  });

  it('keeps held intervals whose beginning nobody knows', () => {
    const ancient = interval(null, 0, B);
    expect(olderIntervals([interval(1, 30, A)], [interval(1, 10, A), ancient])).toEqual([ancient]);
  });

  it.each([
    ['no interval is in both', [interval(40, 50, A), interval(30, 39, B)]],
    ['the values of the common day differ', [interval(21, 30, B)]],
    ['the head ends with an unknown beginning', [interval(21, 30, A), interval(null, 20, B)]],
    ['the head is empty', []],
  ])('does not join when %s', (_, head) => {
    expect(olderIntervals(head, held)).toBeUndefined();
  });
});
