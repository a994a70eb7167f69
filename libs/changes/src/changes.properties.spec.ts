import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { backtest } from './backtest.js';
import type { Change } from './change.js';
import { dayNumber, dayText } from './day.js';
import { detect } from './detector.js';
import { decodeHistory, encodeHistory } from './history.codec.js';
import type { Interval } from './interval.js';
import { normalise } from './interval.js';
import type { KnownHistory } from './known-history.js';
import { asKnownAt, currentValues } from './known-history.js';
import type { Look } from './look.js';
import {
  ADDRESS,
  day,
  dayOfChange,
  days,
  DOMAIN,
  headOf,
  layOut,
  look,
  noon,
  shownOn,
  span,
} from './testing/synthetic-history.js';
import type { Segment } from './testing/synthetic-history.js';

const VALUES = ['192.0.2.10', '192.0.2.20', '198.51.100.7', '203.0.113.9'];

const segment: fc.Arbitrary<Segment> = fc.record({
  // Neighbours share a day, meet on the next, or leave a hole.
  gap: fc.oneof(fc.constantFrom(0, 1), fc.nat(40)),
  length: fc.oneof(fc.nat(3), fc.nat(40)),
  values: fc.subarray(VALUES, { minLength: 1 }),
});

const histories: fc.Arbitrary<readonly Interval[]> = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([segments, running]) => layOut(segments, running));

/** Without a silence so long that a late publication makes it one that ends a value. */
const briefHistories = fc
  .array(
    fc.record({
      gap: fc.nat(8),
      length: fc.nat(20),
      values: fc.subarray(VALUES, { minLength: 1 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((segments) => layOut(segments, false));

interface Replay {
  readonly history: KnownHistory | undefined;
  readonly changes: readonly Change[];
}

function replay(looks: readonly Look[]): Replay {
  let history: KnownHistory | undefined;
  const changes: Change[] = [];
  for (const next of looks) {
    const found = detect(history, next);
    ({ history } = found);
    changes.push(...found.changes);
  }
  return { history, changes };
}

/**
 * A change without the moment of its day. Where upstream gives the running interval no end, as it
 * did in 2018, nobody can tell afterwards what end it gave on a day.
 */
function telling(changes: readonly Change[], [newest]: readonly Interval[]): unknown[] {
  return changes
    .map(({ detectedAt, lastSeen, ...change }) => ({
      ...change,
      on: dayOfChange({ detectedAt }),
      lastSeen: newest?.last === null ? undefined : lastSeen,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function withoutTime(change: Change): unknown {
  return { ...change, detectedAt: null };
}

function afterTheEnd(history: readonly Interval[], more: number): string {
  const newest = history[0];
  return dayText(dayNumber(newest?.last ?? newest?.first ?? day(0)) + more);
}

const dayNumbers = fc.nat(200);

describe('a look a day', () => {
  it('raises exactly what the back-test predicts, whatever part of the history a look reads', () => {
    fc.assert(
      fc.property(
        histories,
        dayNumbers,
        fc.nat(60),
        fc.constantFrom(1, 2, 100),
        (history, start, more, most) => {
          const since = day(start);
          const until = afterTheEnd(history, more);
          fc.pre(since <= until);
          const [eve = since, ...rest] = days(dayText(dayNumber(since) - 1), until);
          const { history: known, changes } = replay([
            look(eve, shownOn(history, eve)),
            ...rest.map((at) => look(at, [], headOf(shownOn(history, at), most))),
          ]);
          const predicted = known === undefined ? [] : backtest(DOMAIN, known, since);
          expect(telling(predicted, history)).toEqual(telling(changes, history));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('raises the same, so many days later, when upstream publishes a few days late', () => {
    fc.assert(
      fc.property(
        briefHistories,
        fc.nat(60),
        fc.constantFrom(1, 2, 3),
        fc.constantFrom(1, 2, 100),
        (history, start, late, most) => {
          const end = dayNumber(afterTheEnd(history, 5));
          const shown = days(day(start), dayText(end - late));
          fc.pre(shown.length > 0);
          const looks = (delay: number) =>
            shown.map((each) => {
              const head = headOf(shownOn(history, each), each === shown[0] ? 100 : most);
              return look(dayText(dayNumber(each) + delay), [], head);
            });
          const [delayed, prompt] = [replay(looks(late)), replay(looks(0))];
          expect(delayed.changes.map(withoutTime)).toEqual(prompt.changes.map(withoutTime));
          const since = dayText(dayNumber(day(start)) + 1);
          const predicted = delayed.history ? backtest(DOMAIN, delayed.history, since) : [];
          const ids = (changes: readonly Change[]) => changes.map(({ id }) => id).sort();
          expect(ids(predicted)).toEqual(ids(delayed.changes));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of an address raises exactly what the back-test predicts', () => {
    const hosts = fc.subarray(['a.example.com', 'b.example.com', 'c.example.com']);
    fc.assert(
      fc.property(
        fc.array(hosts, { minLength: 1, maxLength: 20 }),
        fc.nat(20),
        (readings, from) => {
          const looks = readings.map((values, index) =>
            look(day(index), [span(null, null, ...values)], ADDRESS),
          );
          const { history, changes } = replay(looks);
          const predicted = history === undefined ? [] : backtest(ADDRESS, history, day(from));
          const raised = changes.filter((change) => dayOfChange(change) >= day(from));
          const facts = (of: readonly Change[]) =>
            of.map((change) => [change.kind, change.value, change.detectedAt].join(' ')).sort();
          expect(facts(predicted)).toEqual(facts(raised));
        },
      ),
    );
  });

  it('never gives two facts one id', () => {
    fc.assert(
      fc.property(histories, fc.nat(60), (history, more) => {
        const all = days(day(0), afterTheEnd(history, more));
        const { changes } = replay(all.map((at) => look(at, shownOn(history, at))));
        expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length);
      }),
    );
  });
});

describe('a look that shows nothing new', () => {
  it('raises nothing when the running interval only goes on, with any delay that is allowed', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(14), { maxLength: 20 }), (history, delays) => {
        const start = afterTheEnd(history, 0);
        const [newest = span(null, null), ...older] = shownOn(history, start);
        const later = delays.map((delay, index) => {
          const today = dayNumber(start) + index;
          const last = dayText(Math.max(dayNumber(newest.first ?? start), today - delay));
          return look(dayText(today), [{ ...newest, last }, ...older]);
        });
        const { changes } = replay([look(start, [newest, ...older]), ...shiftByADay(later)]);
        expect(changes).toEqual([]);
      }),
    );
  });

  it('raises nothing the second time', () => {
    fc.assert(
      fc.property(histories, fc.nat(30), (history, apart) => {
        const at = afterTheEnd(history, apart);
        const shown = shownOn(history, at);
        const first = replay([look(day(0), shownOn(history, day(0))), look(at, shown)]);
        expect(detect(first.history, look(at, shown)).changes).toEqual([]);
        const later = look(at, shown, { at: noon(at) + 1 });
        expect(detect(first.history, later).changes).toEqual([]);
      }),
    );
  });
});

/** A look has to be later than the one before. */
function shiftByADay(looks: readonly Look[]): readonly Look[] {
  return looks.map((each) => ({ ...each, at: each.at + 1_000 }));
}

describe('history told anew', () => {
  /** For each interval: leave it, drop it, begin it later, end it earlier, split it. */
  const retellings = fc.array(fc.constantFrom('leave', 'drop', 'begin', 'end', 'split'), {
    minLength: 12,
    maxLength: 12,
  });

  function retell(interval: Interval, how: string | undefined, newest: boolean): Interval[] {
    const { first, last } = interval;
    const middle =
      first === null || last === null
        ? null
        : dayText(Math.floor((dayNumber(first) + dayNumber(last)) / 2));
    if (how === 'drop') {
      return [];
    }
    if (middle === null || how === 'leave') {
      return [interval];
    }
    if (how === 'begin') {
      return [{ ...interval, first: middle }];
    }
    // That the running interval is over is news.
    if (how === 'end') {
      return newest ? [interval] : [{ ...interval, last: middle }];
    }
    return [
      { ...interval, first: middle },
      { ...interval, last: middle },
    ].filter((part, index, parts) => index === 0 || part.first !== parts[0]?.first);
  }

  it('raises nothing, neither when it is taken back nor when it is restored', () => {
    fc.assert(
      fc.property(histories, retellings, (history, how) => {
        const start = afterTheEnd(history, 1);
        const shown = shownOn(history, start);
        const retold = shown.flatMap((interval, index) =>
          retell(interval, how[index], index === 0),
        );
        const [first, second, third] = [0, 1, 2].map((more) => afterTheEnd(history, 1 + more));
        const { changes } = replay([
          look(first ?? start, shown),
          look(second ?? start, retold),
          look(third ?? start, shown),
        ]);
        expect(changes).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('raises nothing when upstream has an empty day', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const [first, second, third] = [0, 1, 2].map((more) => afterTheEnd(history, more));
        const shown = shownOn(history, first ?? '');
        const { changes } = replay([
          look(first ?? '', shown),
          look(second ?? '', []),
          look(third ?? '', shown),
        ]);
        expect(changes).toEqual([]);
      }),
    );
  });
});

describe('asKnownAt', () => {
  it('gives back what was known after each look, with no end to what ran on', () => {
    const steps = fc.array(fc.tuple(fc.nat(12), fc.boolean()), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(histories, steps, fc.constantFrom(1, 2, 100), (history, each, most) => {
        let today = 0;
        const looks = each.map(([more, empty]) => {
          today += more + 1;
          const shown = empty && more === 0 ? [] : shownOn(history, day(today));
          return look(day(today), [], headOf(shown, most));
        });
        const states: KnownHistory[] = [];
        let known: KnownHistory | undefined;
        for (const next of looks) {
          known = detect(known, next).history;
          states.push(known);
        }
        const latest = states.at(-1);
        for (const state of states) {
          const given = latest && asKnownAt(latest, state.lookedAt);
          const expected = asKnownAt(state, state.lookedAt);
          expect(given?.map(({ first, values }) => [first, values])).toEqual(
            expected?.map(({ first, values }) => [first, values]),
          );
          given?.forEach((interval, index) => {
            const [last, running] = [expected?.[index]?.last, currentValues(given, state.lookedAt)];
            expect(
              interval.last === last ||
                (interval.last === null && running.has(interval.values[0] ?? '')),
            ).toBe(true);
          });
        }
        expect(latest && asKnownAt(latest, latest.baselineAt - 1)).toBeUndefined();
      }),
    );
  });
});

describe('normalise', () => {
  it('gives the same for what it gave', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const once = normalise(history, DOMAIN);
        expect(normalise(once, DOMAIN)).toEqual(once);
      }),
    );
  });
});

describe('the form in which a history is kept', () => {
  it('gives back what was put in', () => {
    const looks = fc.array(fc.tuple(fc.nat(150), fc.boolean()), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(histories, looks, (history, each) => {
        let known: KnownHistory | undefined;
        for (const [at, empty] of each) {
          known = detect(known, look(day(at), empty ? [] : shownOn(history, day(at)))).history;
          expect(decodeHistory(encodeHistory(known))).toEqual(known);
        }
      }),
    );
  });
});
