import { describe, expect, it } from '@jest/globals';

import { detect } from './detector.js';
import { asKnownAt, MOST_WITHDRAWN, remembered } from './known-history.js';
import { look, noon, span } from './testing/synthetic-history.js';

const [A, B] = ['192.0.2.10', '198.51.100.7'];

describe('asKnownAt', () => {
  const first = detect(
    undefined,
    look('2026-03-05', [span('2026-03-01', '2026-03-05', A), span('2025-01-01', '2025-02-01', B)]),
  ).history;
  const second = detect(first, look('2026-03-20', [span('2026-03-01', '2026-03-18', A)])).history;
  const known = detect(second, look('2026-03-25', [span('2026-03-02', '2026-03-18', A)])).history;

  it.each([
    [
      'the day of the first look',
      '2026-03-05',
      [
        ['2026-03-01', null, A],
        ['2025-01-01', '2025-02-01', B],
      ],
    ],
    [
      'a day between',
      '2026-03-19',
      [
        ['2026-03-01', null, A],
        ['2025-01-01', '2025-02-01', B],
      ],
    ],
    ['the day on which something was taken back', '2026-03-20', [['2026-03-01', '2026-03-18', A]]],
    ['the day on which a date was corrected', '2026-03-25', [['2026-03-02', '2026-03-18', A]]],
    ['a day to come', '2030-01-01', [['2026-03-02', '2026-03-18', A]]],
  ])('tells what was known on %s', (_, at, expected) => {
    const given = asKnownAt(known, noon(at))?.map((each) => [
      each.first,
      each.last,
      ...each.values,
    ]);
    expect(given).toEqual(expected);
  });

  it('knew nothing before the first look', () => {
    expect(asKnownAt(known, noon('2026-03-05') - 1)).toBeUndefined();
  });
});

describe('remembered', () => {
  it('lets go of the oldest withdrawals first', () => {
    const withdrawn = (value: string) => ({
      ...span('2026-03-01', '2026-03-05', value),
      learnedAt: 1,
      endLearnedAt: 1,
      lastConfirmedAt: 1,
      withdrawnAt: 2,
      late: false,
    });
    const before = Array.from({ length: MOST_WITHDRAWN }, () => withdrawn(A));
    const after = remembered([withdrawn(B)], before);
    expect(after).toHaveLength(MOST_WITHDRAWN);
    expect(after[0]?.values).toEqual([B]);
  });
});
