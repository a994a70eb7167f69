import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Observable, Sighting } from '#ctim';
import { validateEntityMap, validateSighting } from '#ctim';

import type { Drawing } from '../../enrichment-source.port.js';
import { NONE } from '../../paged/pages.js';
import { question } from '../../question.js';
import { day, interval } from '../../testing/history-upstream.js';
import { drawDnsHistory } from './dns-history.mapper.js';
import type { Interval } from './interval.js';

const NAME = 'www.example.com';
const GIVEN: Observable = { type: 'domain', value: NAME };
const PAGE = `https://securitytrails.com/domain/${NAME}/dns`;
const FETCHED_AT = Date.parse('2026-03-10T12:34:56.789Z');

function drawing(
  items: readonly Interval[],
  rest: Partial<Drawing<Interval>> & { kind?: string } = {},
): Drawing<Interval> {
  const { kind = 'a', ...others } = rest;
  return {
    question: question(kind, { type: 'domain', value: NAME }),
    given: GIVEN,
    items,
    pages: { ...NONE, items },
    fetchedAt: FETCHED_AT,
    queriedAt: undefined,
    occurrence: 1,
    ...others,
  };
}

function draw(
  items: readonly Interval[],
  rest: Partial<Drawing<Interval>> & { kind?: string } = {},
): Sighting {
  const sighting = drawDnsHistory(drawing(items, rest), PAGE);
  if (sighting === undefined) {
    throw new Error('There is nothing to see');
  }
  return sighting;
}

const HISTORY = [
  interval(300, 400, '192.0.2.9', '10.0.0.2'),
  interval(100, 200, '192.0.2.10'),
  interval(10, 99, '192.0.2.9'),
];

describe('drawDnsHistory', () => {
  it('states each address once, in the order of code points, with its first and last day', () => {
    const { relations, count } = draw(HISTORY);
    expect(count).toBe(3);
    expect(
      relations?.map(({ related, relation_info }) => [
        related.value,
        relation_info?.['first_seen'],
        relation_info?.['last_seen'],
        relation_info?.['intervals'],
      ]),
    ).toEqual([
      ['10.0.0.2', day(300), day(400), 1],
      ['192.0.2.10', day(100), day(200), 1],
      ['192.0.2.9', day(10), day(400), 2],
    ]);
  });

  it('runs every relation from the name as given to the address', () => {
    expect(draw(HISTORY).relations?.[0]).toEqual({
      origin: 'SecurityTrails Enrichment Module',
      relation: 'Resolved_To',
      source: GIVEN,
      related: { type: 'ip', value: '10.0.0.2' },
      relation_info: {
        record_type: 'A',
        first_seen: day(300),
        last_seen: day(400),
        intervals: 1,
        organizations: ['Example Hosting Inc.'],
      },
    });
  });

  it.each([
    ['a', '192.0.2.1', 'ip', 'IPv4'],
    ['aaaa', '2001:db8::1', 'ipv6', 'IPv6'],
  ])('speaks of %s records in the words of the contract', (kind, value, type, family) => {
    const sighting = draw([interval(1, 2, value)], { kind });
    expect(sighting).toMatchObject({
      description: `${family} addresses that ${NAME} resolves to`,
      source_uri: PAGE,
      observables: [GIVEN],
      external_ids: [`securitytrails-dns-history-${kind}-${NAME}`],
      relations: [{ related: { type, value }, relation_info: { record_type: kind.toUpperCase() } }],
    });
  });

  it('takes the type of an address from the address', () => {
    expect(draw([interval(1, 2, '2001:db8::1')]).relations?.[0]?.related.type).toBe('ipv6');
  });

  it('leaves out what upstream does not say', () => {
    const unknown = { ...interval(null, null, '192.0.2.1'), orgs: [] };
    expect(draw([unknown]).relations?.[0]?.relation_info).toEqual({
      record_type: 'A',
      intervals: 1,
    });
  });

  it.each([
    ['no history', []],
    ['intervals without a value', [interval(1, 2)]],
    ['values that are no addresses', [interval(1, 2, 'www.example.org', '999.0.2.1', '')]],
  ])('sees nothing in %s', (_, items) => {
    expect(drawDnsHistory(drawing(items), PAGE)).toBeUndefined();
  });

  it('does without a link when there is none', () => {
    expect(drawDnsHistory(drawing(HISTORY), undefined)).not.toHaveProperty('source_uri');
  });
});

describe('the observed time of a history', () => {
  it('is the whole days from the first to the last', () => {
    expect(draw(HISTORY).observed_time).toEqual({
      start_time: `${day(10)}T00:00:00.000Z`,
      end_time: `${day(400)}T23:59:59.999Z`,
    });
  });

  it('ends with the fetch while an interval runs', () => {
    const { observed_time } = draw([interval(300, null, '192.0.2.1'), ...HISTORY]);
    expect(observed_time.end_time).toBe('2026-03-10T12:34:56.789Z');
  });

  it('does not end after the fetch on the day of the fetch', () => {
    const today = { ...interval(1, 2, '192.0.2.1'), last: '2026-03-10' };
    expect(draw([today]).observed_time.end_time).toBe('2026-03-10T12:34:56.789Z');
  });

  it('is the fetch when no day is known', () => {
    const at = '2026-03-10T12:34:56.789Z';
    expect(draw([interval(null, null, '192.0.2.1')]).observed_time).toEqual({
      start_time: at,
      end_time: at,
    });
  });

  it('is the moment of the call where sightings carry that', () => {
    const at = '2026-04-01T00:00:00.000Z';
    expect(draw(HISTORY, { queriedAt: Date.parse(at) }).observed_time).toEqual({
      start_time: at,
      end_time: at,
    });
  });
});

describe('the table of a history', () => {
  it('has a row an address, the newest first, running ones before all', () => {
    const { data } = draw([
      interval(300, null, '192.0.2.1'),
      interval(200, 290, '192.0.2.2'),
      interval(100, 290, '192.0.2.3'),
      interval(1, 90, '192.0.2.4'),
    ]);
    expect(data?.columns.map(({ name }) => name)).toEqual([
      'Value',
      'First seen',
      'Last seen',
      'Organization',
    ]);
    expect(data?.rows).toEqual([
      ['192.0.2.1', day(300), null, 'Example Hosting Inc.'],
      ['192.0.2.2', day(200), day(290), 'Example Hosting Inc.'],
      ['192.0.2.3', day(100), day(290), 'Example Hosting Inc.'],
      ['192.0.2.4', day(1), day(90), 'Example Hosting Inc.'],
    ]);
  });

  it('has the newest hundred rows of a thousand addresses, all of which are counted', () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      interval(2_000 - index, 2_000 - index, `10.0.${Math.floor(index / 250)}.${index % 250}`),
    );
    const { data, count, relations } = draw(many);
    expect(count).toBe(1_000);
    expect(relations).toHaveLength(1_000);
    expect(data?.row_count).toBe(100);
    expect(data?.rows.map((row) => row[2])).toEqual(
      Array.from({ length: 100 }, (_, index) => day(2_000 - index)),
    );
  });

  it('names several owners in one cell and none as no text', () => {
    const { data } = draw([
      { ...interval(3, 4, '192.0.2.1'), orgs: ['Example 🏢 Ltd.', 'Beispiel GmbH'] },
      { ...interval(1, 2, '192.0.2.2'), orgs: [] },
    ]);
    expect(data?.rows.map((row) => row[3])).toEqual(['Example 🏢 Ltd., Beispiel GmbH', null]);
  });
});

describe('the id of a history sighting', () => {
  const running = [interval(300, 400, '192.0.2.1'), interval(1, 299, '192.0.2.2')];
  const weekLater = [interval(300, 407, '192.0.2.1'), interval(1, 299, '192.0.2.2')];

  it('is the same a week later when only the last day has moved', () => {
    const later = FETCHED_AT + 7 * 86_400_000;
    expect(draw(weekLater, { fetchedAt: later }).id).toBe(draw(running).id);
  });

  it('is the same whatever the time that sightings carry', () => {
    expect(draw(running, { queriedAt: FETCHED_AT }).id).toBe(draw(running).id);
  });

  it.each<[string, Sighting]>([
    ['observable', draw(running, { given: { type: 'domain', value: 'WWW.example.com' } })],
    ['record type', draw(running, { kind: 'aaaa' })],
    ['copy in the call', draw(running, { occurrence: 2 })],
    ['address', draw([interval(300, 400, '192.0.2.3'), ...running.slice(1)])],
    ['first day', draw([interval(299, 400, '192.0.2.1'), ...running.slice(1)])],
    ['number of stays', draw([interval(500, 501, '192.0.2.1'), ...running])],
    ['number of addresses', draw(running.slice(0, 1))],
  ])('is another for another %s', (_, other) => {
    expect(other.id).not.toBe(draw(running).id);
  });
});

describe('sightings of arbitrary histories', () => {
  const date = fc.option(fc.nat({ max: 9_000 }));
  const value = fc.oneof(
    { weight: 5, arbitrary: fc.ipV4() },
    { weight: 3, arbitrary: fc.ipV6() },
    { weight: 1, arbitrary: fc.string() },
  );
  const intervals = fc.array(
    fc
      .tuple(
        date,
        date,
        fc.array(value, { maxLength: 8 }),
        fc.array(fc.string({ unit: 'grapheme' })),
      )
      .map(([first, last, values, orgs]) => ({ ...interval(first, last, ...values), orgs })),
    { maxLength: 30 },
  );

  it('are valid CTIM and say what was asked', () => {
    fc.assert(
      fc.property(
        intervals,
        fc.constantFrom('a', 'aaaa'),
        fc.option(fc.nat(), { nil: undefined }),
        (items, kind, queriedAt) => {
          const sighting = drawDnsHistory(drawing(items, { kind, queriedAt }), PAGE);
          const faults =
            sighting === undefined
              ? []
              : validateSighting(JSON.parse(JSON.stringify(sighting)), {
                  askedObservables: [GIVEN],
                });
          expect(faults).toEqual([]);
        },
      ),
    );
  });

  it('count their addresses, sorted and none twice', () => {
    fc.assert(
      fc.property(intervals, (items) => {
        const sighting = drawDnsHistory(drawing(items), PAGE);
        const stated = sighting?.relations?.map(({ related }) => related.value) ?? [];
        expect(stated).toEqual([...new Set(stated)].sort());
        expect(sighting?.count ?? 0).toBe(stated.length);
      }),
    );
  });

  it('can stand in one answer twice and for both record types', () => {
    const docs = [1, 2].flatMap((occurrence) =>
      ['a', 'aaaa'].map((kind) => draw(HISTORY, { kind, occurrence })),
    );
    expect(validateEntityMap({ sightings: { count: docs.length, docs } })).toEqual([]);
  });
});
