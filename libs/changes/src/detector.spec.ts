import { describe, expect, it } from '@jest/globals';

import type { Change } from './change.js';
import { detect } from './detector.js';
import type { Interval } from './interval.js';
import type { KnownHistory } from './known-history.js';
import type { Look } from './look.js';
import { ADDRESS, DOMAIN, look, noon, span } from './testing/synthetic-history.js';

const [A, B, C] = ['192.0.2.10', '192.0.2.20', '198.51.100.7'];

/** What each look after the first raises, and where that leads. */
function watch(...looks: readonly Look[]) {
  let history: KnownHistory | undefined;
  const changes: Change[] = [];
  for (const each of looks) {
    const found = detect(history, each);
    ({ history } = found);
    changes.push(...found.changes);
  }
  return { history, changes };
}

function told(...looks: readonly Look[]): unknown[] {
  return watch(...looks).changes.map(({ kind, value, firstSeen, lastSeen }) =>
    [kind, value, firstSeen ?? 'null', lastSeen ?? 'null'].join(' '),
  );
}

function hosts(at: string, names: readonly string[], more: Partial<Look> = {}): Look {
  const intervals: readonly Interval[] = names.map((name) => span(null, null, name));
  return look(at, intervals, { ...ADDRESS, ...more });
}

describe('detect', () => {
  it('takes the first look as it is', () => {
    const first = look('2026-03-10', [span('2026-03-01', '2026-03-10', A)]);
    expect(detect(undefined, first)).toMatchObject({
      changes: [],
      history: { baselineAt: first.at, lookedAt: first.at, complete: true, current: [A] },
    });
  });

  it('calls a value that was first seen since the last look added, and the one before it ended', () => {
    const before = span('2026-03-01', '2026-03-10', A);
    expect(
      told(
        look('2026-03-10', [before]),
        look('2026-03-12', [span('2026-03-11', '2026-03-12', B), before]),
      ),
    ).toEqual([`ADDED ${B} 2026-03-11 2026-03-12`, `ENDED ${A} 2026-03-01 2026-03-10`]);
  });

  it('takes over what became of a history while nobody watched it', () => {
    const before = span('2026-03-01', '2026-03-10', A);
    const later = [span('2026-04-01', '2026-04-10', B), before];
    const back = look('2026-04-10', later, { watchedSince: noon('2026-04-09') });
    expect(told(look('2026-03-10', [before]), back)).toEqual([]);
    const next = look('2026-04-12', [span('2026-04-11', '2026-04-12', C), ...later]);
    expect(told(look('2026-03-10', [before]), back, next)).toEqual([
      `ADDED ${C} 2026-04-11 2026-04-12`,
      `ENDED ${B} 2026-04-01 2026-04-10`,
    ]);
  });

  it('tells what is new since a first refresh that was cut off before it was booked', () => {
    const before = span('2026-03-01', '2026-03-10', A);
    const watchedSince = noon('2026-03-10');
    expect(
      told(
        look('2026-03-10', [before], { watchedSince }),
        look('2026-03-12', [span('2026-03-11', '2026-03-12', B), before], { watchedSince }),
      ),
    ).toEqual([`ADDED ${B} 2026-03-11 2026-03-12`, `ENDED ${A} 2026-03-01 2026-03-10`]);
  });

  it('tells when it was true and when it was learned', () => {
    const first = look('2026-03-10', []);
    const second = look('2026-03-12', [span('2026-03-10', '2026-03-12', A)], {
      watchlists: ['wl_1'],
    });
    expect(watch(first, second).changes).toEqual([
      {
        id: expect.stringMatching(/^ch_[\w-]{22}$/),
        observable: DOMAIN.observable,
        recordType: 'A',
        kind: 'ADDED',
        value: A,
        firstSeen: '2026-03-10',
        lastSeen: '2026-03-12',
        detectedAt: second.at,
        watchlists: ['wl_1'],
      },
    ]);
  });

  it('calls a value that upstream learned late backfilled, whether it is current or not', () => {
    const now = span('2026-03-01', '2026-03-10', A);
    expect(
      told(
        look('2026-03-10', [now]),
        look('2026-03-11', [
          { ...now, last: '2026-03-11', values: [A, C] },
          span('2019-01-01', '2019-02-01', B),
        ]),
      ),
    ).toEqual([`BACKFILLED ${C} 2026-03-01 2026-03-11`, `BACKFILLED ${B} 2019-01-01 2019-02-01`]);
  });

  it.each([1, 2, 3])('calls a value added that upstream publishes %i days late', (late) => {
    const before = span('2026-03-01', '2026-03-10', A);
    const first = `2026-03-${20 - late}`;
    expect(
      told(
        look('2026-03-19', [before]),
        look('2026-03-20', [before]),
        look('2026-03-20', [span(first, first, B), before], { at: noon('2026-03-20') + 1 }),
      ),
    ).toEqual([`ADDED ${B} ${first} ${first}`, `ENDED ${A} 2026-03-01 2026-03-10`]);
  });

  it('calls a value backfilled that was first seen four days before the last look', () => {
    expect(
      told(look('2026-03-20', []), look('2026-03-21', [span('2026-03-16', '2026-03-21', A)])),
    ).toEqual([`BACKFILLED ${A} 2026-03-16 2026-03-21`]);
  });

  it('says nothing of a young value that was taken back for a day', () => {
    const young = [span('2026-03-09', '2026-03-10', A)];
    expect(
      told(look('2026-03-10', young), look('2026-03-11', []), look('2026-03-12', young)),
    ).toEqual([]);
  });

  it('calls a value that is gone added only, when it came and went between two looks', () => {
    const older = span('2026-03-01', '2026-03-10', A);
    expect(
      told(
        look('2026-03-10', [older]),
        look('2026-04-10', [
          span('2026-03-20', '2026-04-10', A),
          span('2026-03-12', '2026-03-15', B),
          older,
        ]),
      ),
    ).toEqual([`ADDED ${B} 2026-03-12 2026-03-15`]);
  });

  it('calls a value that ended and is current again returned, with its latest run', () => {
    const [first, second] = [
      span('2026-03-01', '2026-03-05', A),
      span('2026-03-06', '2026-03-09', B),
    ];
    expect(
      told(
        look('2026-03-09', [second, first]),
        look('2026-03-10', [span('2026-03-10', '2026-03-10', A), second, first]),
      ),
    ).toEqual([`RETURNED ${A} 2026-03-10 2026-03-10`, `ENDED ${B} 2026-03-06 2026-03-09`]);
  });

  it('holds a value for current for fourteen days after it was last seen', () => {
    const seen = [span('2026-03-01', '2026-03-10', A)];
    expect(told(look('2026-03-10', seen), look('2026-03-24', seen))).toEqual([]);
    expect(told(look('2026-03-10', seen), look('2026-03-25', seen))).toEqual([
      `ENDED ${A} 2026-03-01 2026-03-10`,
    ]);
  });

  it('tells each time that a value falls silent and goes on', () => {
    const until = (last: string) => [span('2026-01-01', last, A)];
    const { changes } = watch(
      look('2026-01-10', until('2026-01-10')),
      look('2026-02-10', until('2026-01-10')),
      look('2026-02-11', until('2026-02-11')),
      look('2026-03-10', until('2026-02-11')),
      look('2026-03-11', until('2026-03-11')),
    );
    expect(changes.map(({ kind }) => kind)).toEqual(['ENDED', 'RETURNED', 'ENDED', 'RETURNED']);
    expect(new Set(changes.map(({ id }) => id)).size).toBe(4);
  });

  it('joins what goes on in a new interval without a day between', () => {
    const { history, changes } = watch(
      look('2026-03-05', [span('2026-03-01', '2026-03-05', A, B)]),
      look('2026-03-10', [
        span('2026-03-06', '2026-03-10', B, A),
        span('2026-03-01', '2026-03-05', A, B),
      ]),
    );
    expect(changes).toEqual([]);
    expect(history?.intervals).toMatchObject([{ first: '2026-03-01', last: '2026-03-10' }]);
  });

  it('takes another spelling of a value for the same', () => {
    const subject = { recordType: 'AAAA' } as const;
    expect(
      told(
        look('2026-03-05', [span('2026-03-01', '2026-03-05', '2001:DB8::1')], subject),
        look('2026-03-06', [span('2026-03-01', '2026-03-06', '2001:db8:0::1')], subject),
      ),
    ).toEqual([]);
  });

  it('skips intervals that saw nothing', () => {
    const seen = span('2026-03-01', '2026-03-05', A);
    expect(
      told(
        look('2026-03-05', [seen]),
        look('2026-03-07', [span('2026-03-06', '2026-03-07'), seen]),
      ),
    ).toEqual([]);
  });

  it('takes a day that is not in the calendar for none', () => {
    const odd = look('2026-03-05', [span('2026-02-31', 'yesterday', A)]);
    expect(detect(undefined, odd).history.intervals).toMatchObject([{ first: null, last: null }]);
  });

  it('calls a new value without a first day backfilled', () => {
    expect(told(look('2026-03-05', []), look('2026-03-06', [span(null, null, A)]))).toEqual([
      `BACKFILLED ${A} null null`,
    ]);
  });

  it('leaves older history as it is when a look reads the head only', () => {
    const older = span('2025-01-01', '2025-02-01', B);
    const { history, changes } = watch(
      look('2026-03-05', [span('2026-03-01', '2026-03-05', A), older]),
      look('2026-03-06', [span('2026-03-01', '2026-03-06', A)], { reach: { since: '2026-03-01' } }),
    );
    expect(changes).toEqual([]);
    expect(history?.intervals).toMatchObject([{ values: [A] }, { values: [B], withdrawnAt: null }]);
    expect(history?.complete).toBe(false);
  });

  it('goes on with an interval that began below the head', () => {
    const { history } = watch(
      look('2026-03-05', [span('2026-03-01', '2026-03-05', A)]),
      look('2026-03-09', [span('2026-03-06', '2026-03-09', A)], { reach: { since: '2026-03-06' } }),
    );
    expect(history?.intervals).toMatchObject([{ first: '2026-03-01', last: '2026-03-09' }]);
    expect(history?.withdrawn).toEqual([]);
  });

  it('keeps what upstream takes back, with the time, and says nothing', () => {
    const taken = span('2025-01-01', '2025-02-01', B);
    const second = look('2026-03-06', [span('2026-03-01', '2026-03-06', A)]);
    const { history, changes } = watch(
      look('2026-03-05', [span('2026-03-01', '2026-03-05', A), taken]),
      second,
    );
    expect(changes).toEqual([]);
    expect(history?.withdrawn).toMatchObject([{ values: [B], withdrawnAt: second.at }]);
  });

  it('calls a value that was taken back and is seen anew added', () => {
    const old = span('2025-01-01', '2025-02-01', B);
    const now = span('2026-03-01', '2026-03-05', A);
    expect(
      told(
        look('2026-03-05', [now, old]),
        look('2026-03-06', [now]),
        look('2026-03-09', [span('2026-03-08', '2026-03-09', B), now]),
      ),
    ).toEqual([`ADDED ${B} 2026-03-08 2026-03-09`, `ENDED ${A} 2026-03-01 2026-03-05`]);
  });

  it('takes no account of a look that is not later than the latest', () => {
    const first = look('2026-03-05', [span('2026-03-01', '2026-03-05', A)]);
    const { history } = watch(first);
    for (const at of [first.at, first.at - 1]) {
      const found = detect(history, { ...look('2026-03-05', []), at });
      expect(found).toEqual({ history, changes: [] });
    }
  });

  it('gives a fact the same id whoever finds it and whenever', () => {
    const before = look('2026-03-05', []);
    const seen = [span('2026-03-06', '2026-03-07', A)];
    const [one] = watch(before, look('2026-03-07', seen)).changes;
    const [same] = watch(before, look('2026-03-08', seen)).changes;
    const [other] = watch(
      { ...before, tenant: 'f'.repeat(32) },
      look('2026-03-07', seen, { tenant: 'f'.repeat(32) }),
    ).changes;
    expect(one?.id).toBe(same?.id);
    expect(one?.id).not.toBe(other?.id);
  });
});

describe('detect, of the host names of an address', () => {
  it('compares the names that point to it', () => {
    expect(
      told(
        hosts('2026-03-05', ['a.example.com', 'b.example.com']),
        hosts('2026-03-06', ['B.example.com', 'c.example.com']),
        hosts('2026-03-07', ['a.example.com', 'b.example.com', 'c.example.com']),
        hosts('2026-03-08', []),
      ),
    ).toEqual([
      'ADDED c.example.com null null',
      'ENDED a.example.com null null',
      'RETURNED a.example.com null null',
      'ENDED a.example.com null null',
      'ENDED b.example.com null null',
      'ENDED c.example.com null null',
    ]);
  });

  it('tells apart the times that a name came and went', () => {
    const [on, off] = [['a.example.com'], []];
    const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'];
    const { changes } = watch(...days.map((at, index) => hosts(at, index % 2 === 0 ? off : on)));
    expect(changes.map(({ kind }) => kind)).toEqual(['ADDED', 'ENDED', 'RETURNED', 'ENDED']);
    expect(new Set(changes.map(({ id }) => id)).size).toBe(4);
  });

  it('ends nothing when not all names were read, and takes none for new after that', () => {
    const part = { reach: { since: null } } as const;
    expect(
      told(
        hosts('2026-03-05', ['a.example.com']),
        hosts('2026-03-06', ['b.example.com'], part),
        hosts('2026-03-07', ['a.example.com', 'b.example.com', 'c.example.com']),
      ),
    ).toEqual(['ADDED b.example.com null null', 'BACKFILLED c.example.com null null']);
  });

  it('raises nothing when the same is read again', () => {
    const names = ['a.example.com', 'b.example.com'];
    const first = hosts('2026-03-05', names);
    const again = hosts('2026-03-05', [...names].reverse(), { at: noon('2026-03-05') + 1 });
    expect(told(first, again)).toEqual([]);
  });
});
