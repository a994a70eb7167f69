import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  endOfDay,
  instant,
  isCalendarDate,
  observedDays,
  parseInstant,
  startOfDay,
} from './time.js';

const FETCHED = '2026-08-19T09:30:00.000Z';
const fetchedAtMs = Date.parse(FETCHED);
const CTIM_START = Date.parse('1970-01-01T00:00:00.000Z');
const CTIM_END = Date.parse('2525-01-01T00:01:00.000Z');

describe('instant', () => {
  it('writes milliseconds and Z', () => {
    expect(instant(Date.parse('2026-08-19T09:30:00Z'))).toBe(FETCHED);
  });

  it('moves what CTIM cannot hold to the nearer end of its range', () => {
    expect(instant(-1)).toBe('1970-01-01T00:00:00.000Z');
    expect(instant(Number.POSITIVE_INFINITY)).toBe('2525-01-01T00:00:59.999Z');
  });

  it('refuses what is no number', () => {
    expect(() => instant(Number.NaN)).toThrow(RangeError);
  });
});

describe('calendar days', () => {
  it('begin and end on the millisecond', () => {
    expect(instant(startOfDay('2024-02-29'))).toBe('2024-02-29T00:00:00.000Z');
    expect(instant(endOfDay('2024-02-29'))).toBe('2024-02-29T23:59:59.999Z');
  });

  it.each([
    '',
    '2023-02-29',
    '2023-02-30',
    '2024-13-01',
    '2024-00-01',
    '2024-1-1',
    '2024-01-01 ',
    '2024-01-01T00:00:00Z',
    '20240101',
  ])('are not %p', (text) => {
    expect(isCalendarDate(text)).toBe(false);
    expect(startOfDay(text)).toBeNaN();
    expect(endOfDay(text)).toBeNaN();
  });
});

describe('parseInstant', () => {
  it.each(['2026-08-19T09:30:00Z', '2026-08-19T09:30:00.0Z', '2026-08-19T09:30:00.000000000Z'])(
    'reads %p',
    (text) => {
      expect(parseInstant(text)).toBe(fetchedAtMs);
    },
  );

  it.each([
    '2026-08-19',
    '2026-08-19T09:30Z',
    '2026-08-19T09:30:00',
    '2026-08-19T09:30:00+00:00',
    '2026-08-19 09:30:00Z',
    '2026-08-19T24:00:00Z',
    '2026-08-19T09:60:00Z',
    '2026-02-30T09:30:00Z',
    '+002026-08-19T09:30:00Z',
    'Wed, 19 Aug 2026 09:30:00 GMT',
  ])('does not read %p', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('observedDays', () => {
  const day = (start: string, end: string) => ({ start_time: start, end_time: end });

  it('spans from the start of the first day to the end of the last', () => {
    expect(observedDays({ firstSeen: '2020-07-13', lastSeen: '2021-01-02', fetchedAtMs })).toEqual(
      day('2020-07-13T00:00:00.000Z', '2021-01-02T23:59:59.999Z'),
    );
  });

  it('ends at the fetch while the period is running', () => {
    expect(observedDays({ firstSeen: '2020-07-13', lastSeen: null, fetchedAtMs })).toEqual(
      day('2020-07-13T00:00:00.000Z', FETCHED),
    );
  });

  it('ends at the fetch when it was seen on that very day', () => {
    const seen = { firstSeen: '2026-08-19', lastSeen: '2026-08-19', fetchedAtMs };
    expect(observedDays(seen)).toEqual(day('2026-08-19T00:00:00.000Z', FETCHED));
  });

  it('is the last day alone when the first is not known', () => {
    expect(observedDays({ lastSeen: '2021-01-02', fetchedAtMs })).toEqual(
      day('2021-01-02T00:00:00.000Z', '2021-01-02T23:59:59.999Z'),
    );
  });

  it('is the fetch when no day is known', () => {
    expect(observedDays({ firstSeen: '2023-02-30', lastSeen: '', fetchedAtMs })).toEqual(
      day(FETCHED, FETCHED),
    );
  });

  it('is the fetch when everything lies in the future', () => {
    expect(observedDays({ firstSeen: '2030-01-01', lastSeen: '2031-01-01', fetchedAtMs })).toEqual(
      day(FETCHED, FETCHED),
    );
  });

  it('puts days right that come in the wrong order', () => {
    expect(observedDays({ firstSeen: '2021-01-02', lastSeen: '2020-07-13', fetchedAtMs })).toEqual(
      day('2020-07-13T00:00:00.000Z', '2021-01-02T23:59:59.999Z'),
    );
  });

  it('begins with 1970 when the vendor goes further back', () => {
    expect(observedDays({ firstSeen: '1969-07-20', lastSeen: '1969-07-24', fetchedAtMs })).toEqual(
      day('1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'),
    );
  });

  it('is a valid time, never after the fetch, for any days and any moment', () => {
    const anyDay = fc.oneof(
      fc.constantFrom(null, undefined, '', 'never', '2023-02-30', '0000-01-01', '9999-12-31'),
      fc
        .date({ min: new Date('1900-01-01'), max: new Date('2600-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    );
    const anyMoment = fc.oneof(
      fc.integer({ min: CTIM_START, max: CTIM_END - 1 }),
      fc.constantFrom(-1e15, 1e18, Infinity, -Infinity),
    );
    fc.assert(
      fc.property(anyDay, anyDay, anyMoment, (firstSeen, lastSeen, moment) => {
        const observed = observedDays({ firstSeen, lastSeen, fetchedAtMs: moment });
        const start = parseInstant(observed.start_time) ?? Number.NaN;
        const end = parseInstant(observed.end_time ?? '') ?? Number.NaN;
        expect(start).toBeGreaterThanOrEqual(CTIM_START);
        expect(end).toBeLessThan(CTIM_END);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(Math.max(moment, CTIM_START));
      }),
    );
  });

  it('keeps the days of a period that is over, whatever they are', () => {
    const past = fc
      .integer({ min: CTIM_START, max: fetchedAtMs - 86_400_000 })
      .map((ms) => instant(ms).slice(0, 10));
    fc.assert(
      fc.property(past, past, (one, other) => {
        const [firstSeen = '', lastSeen = ''] = [one, other].sort();
        expect(observedDays({ firstSeen, lastSeen, fetchedAtMs })).toEqual(
          day(`${firstSeen}T00:00:00.000Z`, `${lastSeen}T23:59:59.999Z`),
        );
      }),
    );
  });
});
