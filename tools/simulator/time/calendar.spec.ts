import { describe, expect, it } from '@jest/globals';

import { dateOf, dayAt, dayOf, parseDate } from './calendar.js';

describe('calendar', () => {
  it('goes from text to day and back', () => {
    expect(dateOf(dayOf('2024-02-29'))).toBe('2024-02-29');
    expect(dayOf('1970-01-02')).toBe(1);
  });

  it('puts an instant on its UTC day', () => {
    expect(dateOf(dayAt(Date.parse('2024-03-31T23:59:59Z')))).toBe('2024-03-31');
    expect(dateOf(dayAt(Date.parse('2024-04-01T00:00:00Z')))).toBe('2024-04-01');
  });

  it.each(['2024-02-30', '2023-02-29', '24-01-01', '2024-1-1', '2024-01-01T00:00:00Z', ''])(
    'takes no date from %j',
    (text) => {
      expect(parseDate(text)).toBeUndefined();
      expect(() => dayOf(text)).toThrow(RangeError);
    },
  );
});
