import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { dataTable } from './data-table.js';
import { transientId } from './identifier.js';
import type { Observable } from './observable.js';
import { OBSERVABLE_RELATIONS, type ObservedRelation } from './relation.js';
import { buildSighting, type SightingInput } from './sighting.js';
import { observedDays } from './time.js';
import { validateSighting } from './validate.js';

const UUID = '3f0c2c1e-1d3a-4a7c-9a55-0f8f6f3d2b10';
const PLAIN: SightingInput = {
  id: transientId(UUID),
  observed_time: { start_time: '2026-08-19T09:30:00.000Z' },
  count: 3,
  observables: [{ type: 'ip', value: '192.0.2.44' }],
};
const FULL: SightingInput = {
  ...PLAIN,
  short_description: 'Three names',
  description: 'Names that have resolved to 192.0.2.44',
  source_uri: 'https://securitytrails.com/list/ip/192.0.2.44',
  external_ids: ['list:192.0.2.44'],
  relations: [],
  data: dataTable([{ name: 'Name', type: 'string' }], [['example.com']]),
};

describe('buildSighting', () => {
  it('adds what all our sightings have in common', () => {
    expect(buildSighting(PLAIN)).toEqual({
      ...PLAIN,
      type: 'sighting',
      schema_version: '1.3.28',
      source: 'SecurityTrails',
      title: 'Found in SecurityTrails',
      confidence: 'High',
      internal: false,
    });
  });

  it('keeps what it is given', () => {
    expect(buildSighting(FULL)).toMatchObject(FULL);
  });

  it('orders the keys the same way always, the short description last', () => {
    const all = Object.keys(buildSighting(FULL));
    const plain = Object.keys(buildSighting(PLAIN));
    expect(all.at(-1)).toBe('short_description');
    expect(plain).toEqual(all.filter((key) => plain.includes(key)));
    expect(
      Object.keys(buildSighting(Object.fromEntries(Object.entries(FULL).reverse()) as never)),
    ).toEqual(all);
  });

  it('can be rendered without the short description and get it spliced in', () => {
    const { short_description, ...rest } = FULL;
    const bare = JSON.stringify(buildSighting(rest));
    const spliced = `${bare.slice(0, -1)},"short_description":${JSON.stringify(short_description)}}`;
    expect(spliced).toBe(JSON.stringify(buildSighting(FULL)));
  });

  it('has no key for what is undefined', () => {
    const input = { ...PLAIN, description: undefined, relations: undefined, data: undefined };
    expect(Object.keys(buildSighting(input))).toEqual(Object.keys(buildSighting(PLAIN)));
  });

  it('cuts texts at the limits of the model', () => {
    const long = 'a'.repeat(6_000);
    const doc = buildSighting({
      ...PLAIN,
      title: long,
      short_description: long,
      description: long,
    });
    expect(doc.title).toHaveLength(1_024);
    expect(doc.short_description).toHaveLength(2_048);
    expect(doc.description).toHaveLength(5_000);
  });

  it.each(['ui_url', 'https://example.com/a b', `https://example.com/${'a'.repeat(2_048)}`])(
    'leaves out a source_uri that is no web address, as %p',
    (source_uri) => {
      expect(buildSighting({ ...PLAIN, source_uri })).not.toHaveProperty('source_uri');
    },
  );

  it.each([
    [0, 1],
    [-4, 1],
    [2.9, 2],
    [Number.NaN, 1],
    [Infinity, 2_147_483_647],
  ])('brings the count %d to %d', (given, count) => {
    expect(buildSighting({ ...PLAIN, count: given }).count).toBe(count);
  });
});

describe('any facts', () => {
  const name = fc.oneof(fc.domain(), fc.constantFrom('EXAMPLE.com.', '_dmarc.example.com'));
  const domain = name.map((value): Observable => ({ type: 'domain', value }));
  const address = fc.oneof(
    fc.ipV4().map((value): Observable => ({ type: 'ip', value })),
    fc.ipV6().map((value): Observable => ({ type: 'ipv6', value })),
  );
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    fc.integer({ min: 1_020, max: 5_010 }).map((length) => `x${'😀'.repeat(length / 2)}\u0000`),
  );
  const info = fc.dictionary(
    fc.string({ maxLength: 8 }),
    fc.oneof(anyText, fc.integer(), fc.boolean(), fc.array(anyText, { maxLength: 3 })),
    { maxKeys: 4 },
  );
  const relation: fc.Arbitrary<ObservedRelation> = fc.record(
    {
      origin: anyText,
      relation: fc.constantFrom(...OBSERVABLE_RELATIONS),
      source: domain,
      related: address,
      relation_info: info,
    },
    { requiredKeys: ['origin', 'relation', 'source', 'related'] },
  );
  const cell = fc.option(fc.oneof(anyText, fc.double({ noNaN: true }), address));
  const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }).map((rows) =>
      dataTable(
        Array.from({ length: width }, () => ({ name: 'x', type: 'string' })),
        rows,
      ),
    ),
  );
  const dayText = fc.oneof(
    fc.constantFrom('', 'never', '2023-02-30', '1969-12-31'),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  );
  const seen = fc.record({
    firstSeen: fc.option(dayText),
    lastSeen: fc.option(dayText),
    fetchedAtMs: fc.integer({ min: -1e13, max: 2e13 }),
  });
  const input: fc.Arbitrary<SightingInput> = fc.record(
    {
      id: fc.uuid().map(transientId),
      observed_time: seen.map(observedDays),
      count: fc.oneof(fc.integer(), fc.double()),
      observables: fc.array(fc.oneof(domain, address), { maxLength: 3 }),
      relations: fc.array(relation, { maxLength: 4 }),
      data: table,
      title: anyText,
      description: anyText,
      short_description: anyText,
      source_uri: fc.oneof(fc.webUrl(), anyText),
      external_ids: fc.array(anyText, { maxLength: 3 }),
    },
    { requiredKeys: ['id', 'observed_time', 'count', 'observables'] },
  );

  it('become a sighting that passes every rule, also after a trip through JSON', () => {
    fc.assert(
      fc.property(input, (facts) => {
        const doc = buildSighting(facts);
        const options = { askedObservables: facts.observables };
        expect(validateSighting(doc, options)).toEqual([]);
        expect(validateSighting(JSON.parse(JSON.stringify(doc)), options)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
