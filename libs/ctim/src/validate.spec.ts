import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { BUNDLE_KEYS } from './bundle.js';
import type { Sighting } from './sighting.js';
import { validateEntityMap, validateSighting } from './validate.js';
import type { Violation } from './violation.js';

const UUID = '3f0c2c1e-1d3a-4a7c-9a55-0f8f6f3d2b10';
const ASKED = { type: 'domain', value: 'example.com' } as const;

/** A fresh document with every key of the model, so that a test may damage it. */
function wholeSighting(): Sighting {
  const time = { start_time: '2020-07-13T00:00:00.000Z', end_time: '2021-01-02T23:59:59.999Z' };
  const sensor = { type: 'network.sensor', observables: [{ type: 'hostname', value: 'probe' }] };
  const doc = {
    type: 'sighting',
    schema_version: '1.3.28',
    id: `transient:sighting-${UUID}`,
    observed_time: time,
    confidence: 'High',
    count: 2,
    revision: 0,
    external_ids: ['a:example.com'],
    external_references: [
      {
        source_name: 'Register',
        url: 'https://example.com/register',
        description: 'Where it is written',
        external_id: '17',
        hashes: ['00ff'],
      },
    ],
    timestamp: '2026-08-19T09:30:00.000Z',
    language: 'en',
    tlp: 'green',
    title: 'Found',
    description: 'Addresses of a name',
    short_description: 'Two addresses',
    source: 'Test',
    source_uri: 'https://example.com/domain/example.com',
    observables: [ASKED],
    relations: [
      {
        origin: 'Test',
        origin_uri: 'relative/uri',
        relation: 'Resolved_To',
        source: ASKED,
        related: { type: 'ip', value: '192.0.2.44' },
        relation_info: { first_seen: '2020-07-13', count: 2, current: false, owners: ['A', 'B'] },
      },
      {
        origin: 'Test',
        relation: 'Resolved_To',
        source: ASKED,
        related: { type: 'ipv6', value: '2001:db8::1' },
      },
    ],
    data: {
      columns: [
        { name: 'Address', type: 'observable', description: 'Where to' },
        { name: 'Last seen', type: 'string', short_description: 'Until', required: false },
      ],
      rows: [
        [{ type: 'ip', value: '192.0.2.44' }, '2021-01-02'],
        [{ type: 'ipv6', value: '2001:db8::1' }, null],
      ],
      row_count: 2,
    },
    context: {
      http_events: [{ type: 'HTTPEvent', time, process_id: 7, process_name: 'x', host: 'y' }],
    },
    targets: [{ ...sensor, observed_time: time, os: 'Plan 9' }],
    sensor: 'process.dns-server',
    sensor_coordinates: { ...sensor, os: 'Plan 9' },
    severity: 'Critical',
    resolution: 'detected',
    internal: false,
    activity_interval: time,
    detection_interval: time,
    modification_interval: time,
  };
  // Through JSON, so that no two parts are the same object.
  return JSON.parse(JSON.stringify(doc)) as Sighting;
}

/** The path of everything in a value that holds nothing itself. */
function leaves(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    return [path];
  }
  return Object.entries(value).flatMap(([key, it]) =>
    leaves(it, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  );
}

const faults = (violations: Violation[]) => violations.map(({ path, rule }) => `${path} ${rule}`);

/** Puts a value at a path such as `a.b[0].c`; undefined removes the key. */
function damage(path: string, value: unknown): unknown {
  const doc = wholeSighting();
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop() ?? '';
  let place: Record<string, unknown> = doc as never;
  for (const key of keys) {
    place = place[key] as Record<string, unknown>;
  }
  if (value === undefined) {
    Reflect.deleteProperty(place, last);
  } else {
    place[last] = value;
  }
  return doc;
}

/** Damaged path, the value put there, the rule broken, and where that shows unless right there. */
const DAMAGES: [path: string, value: unknown, rule: string, shownAt?: string][] = [
  // closed maps
  ['first_seen', '2020-07-13', 'closed'],
  ['constructor', 'x', 'closed'],
  ['observed_time.duration', 1, 'closed'],
  ['observables[0].name', 'x', 'closed'],
  ['relations[0].target', ASKED, 'closed'],
  ['data.title', 'x', 'closed'],
  ['data.columns[0].label', 'x', 'closed'],
  ['external_references[0].uri', 'x', 'closed'],
  ['sensor_coordinates.observed_time', 'x', 'closed'],
  ['targets[0].name', 'x', 'closed'],
  ['context.dns_events', [], 'closed'],
  // required keys
  ['id', undefined, 'required'],
  ['type', undefined, 'required'],
  ['schema_version', undefined, 'required'],
  ['observed_time', undefined, 'required'],
  ['observed_time.start_time', undefined, 'required'],
  ['confidence', undefined, 'required'],
  ['count', undefined, 'required'],
  ['observables[0].value', undefined, 'required'],
  ['relations[1].origin', undefined, 'required'],
  ['relations[1].related', undefined, 'required'],
  ['data.rows', undefined, 'required'],
  ['data.columns[1].type', undefined, 'required'],
  ['external_references[0].source_name', undefined, 'required'],
  ['targets[0].observed_time', undefined, 'required'],
  ['context.http_events[0].process_id', undefined, 'required'],
  // nulls
  ['count', null, 'null'],
  ['title', null, 'null'],
  ['observed_time.end_time', null, 'null'],
  ['relations[0].relation_info.last_seen', null, 'null'],
  ['data', null, 'null'],
  // types
  ['title', 5, 'type'],
  ['internal', 'false', 'type'],
  ['observables', ASKED, 'type'],
  ['observables[0]', 'example.com', 'type'],
  ['observables[0]', null, 'type'],
  ['observed_time', '2020-07-13T00:00:00.000Z', 'type'],
  ['observed_time.start_time', 1_594_598_400_000, 'type'],
  ['relations[0].relation_info', [], 'type'],
  ['external_ids[0]', 17, 'type'],
  ['data.rows[0]', 'x', 'type'],
  ['data.columns[0].required', 'yes', 'type'],
  ['external_references[0].hashes', 'x', 'type'],
  ['sensor', 1, 'type'],
  // numbers
  ['count', -1, 'integer'],
  ['count', 1.5, 'integer'],
  ['count', '2', 'integer'],
  ['count', Number.NaN, 'integer'],
  ['revision', -1, 'integer'],
  ['data.row_count', 0.5, 'integer'],
  // lengths
  ['title', 'a'.repeat(1_025), 'length'],
  ['title', '😀'.repeat(513), 'length'],
  ['language', 'a'.repeat(1_025), 'length'],
  ['short_description', 'a'.repeat(2_049), 'length'],
  ['source', 'a'.repeat(2_049), 'length'],
  ['description', 'a'.repeat(5_001), 'length'],
  ['data.columns[0].description', 'a'.repeat(5_001), 'length'],
  ['id', `transient:${'a'.repeat(2_048)}`, 'length'],
  // identifiers, versions, URIs
  ['id', UUID, 'id'],
  ['id', `transient:sighting-${UUID}\n`, 'id'],
  ['id', `https://example.com/ctia/judgement/sighting-${UUID}`, 'id'],
  ['id', `https://example.com/ctia/sighting/sighting-${UUID.toUpperCase()}`, 'id'],
  ['schema_version', '1.3', 'schema-version'],
  ['schema_version', '1.3.29-SNAPSHOT', 'schema-version'],
  ['source_uri', '', 'uri'],
  ['source_uri', 'https://example.com/a b', 'uri'],
  ['source_uri', `https://example.com/${'a'.repeat(2_048)}`, 'uri'],
  ['relations[0].origin_uri', 'a|b', 'uri'],
  ['external_references[0].url', '100%', 'uri'],
  // times
  ['timestamp', '2026-08-19', 'time'],
  ['observed_time.start_time', '2020-07-13T00:00:00+02:00', 'time'],
  ['observed_time.start_time', '2020-02-30T00:00:00Z', 'time'],
  ['observed_time.start_time', '1969-12-31T23:59:59.999Z', 'time'],
  ['observed_time.end_time', '2525-01-01T00:01:00.000Z', 'time'],
  ['observed_time.end_time', '2020-07-12T23:59:59.999Z', 'order', 'observed_time'],
  ['activity_interval.end_time', '2020-07-12T00:00:00Z', 'order', 'activity_interval'],
  // vocabularies
  ['type', 'judgement', 'vocabulary'],
  ['confidence', 'high', 'vocabulary'],
  ['confidence', 'Critical', 'vocabulary'],
  ['severity', 'Fatal', 'vocabulary'],
  ['tlp', 'clear', 'vocabulary'],
  ['observables[0].type', 'asn', 'vocabulary'],
  ['relations[0].related.type', 'IP', 'vocabulary'],
  ['data.columns[0].type', 'date', 'vocabulary'],
  // good sense
  ['id', 'transient:sighting-1', 'sense.id'],
  ['id', `transient:judgement-${UUID}`, 'sense.id'],
  ['count', 0, 'sense.count'],
  ['count', 2_147_483_648, 'sense.count'],
  ['source_uri', 'ui_url', 'sense.source-uri'],
  ['source_uri', 'ftp://example.com/', 'sense.source-uri'],
  ['observables[0].value', 'example', 'sense.observable-value'],
  ['relations[0].related.value', '192.0.2.256', 'sense.observable-value'],
  ['relations[0].related.value', '2001:db8::1', 'sense.observable-value'],
  ['relations[1].related.value', '192.0.2.44', 'sense.observable-value'],
  ['relations[0].source.value', '192.0.2.44', 'sense.observable-value'],
  ['relations[0].source', { type: 'ip', value: '192.0.2.1' }, 'sense.resolved-to', 'relations[0]'],
  ['relations[1].related', ASKED, 'sense.resolved-to', 'relations[1]'],
  ['data.rows[0]', ['x'], 'sense.row-length'],
  ['data.rows[1]', ['x', 'y', 'z'], 'sense.row-length'],
  ['data.rows[1][0]', null, 'sense.required-cell'],
  ['data.row_count', 3, 'sense.row-count'],
];

/** Where the model takes anything. */
const FREE = /relation_info|rows|_events/;

describe('validateSighting', () => {
  it('finds nothing in a document that uses every key', () => {
    expect(validateSighting(wholeSighting())).toEqual([]);
  });

  it.each([
    ['id', `https://example.com:8443/base/ctia/sighting/sighting-${UUID}`],
    ['schema_version', '1.0.17'],
    ['title', '😀'.repeat(512)],
    ['observed_time.start_time', '1970-01-01T00:00:00Z'],
    ['observed_time.end_time', '2525-01-01T00:00:59.999Z'],
    ['observed_time.end_time', '2020-07-13T00:00:00Z'],
    ['relations[0].relation', 'Hosted_On'],
    ['relations[0].source.type', 'hostname'],
    ['observables[0]', { type: 'hostname', value: 'any thing' }],
    ['sensor', 'a word of their own'],
    ['data.rows[1][0]', {}],
    ['data.row_count', undefined],
    ['observables', undefined],
    ['relations', []],
    ['count', 1],
  ])('lets %s be %j', (path, value) => {
    expect(validateSighting(damage(path, value))).toEqual([]);
  });

  it.each(DAMAGES)('finds the fault when %s is %j: %s', (path, value, rule, shownAt = path) => {
    expect(faults(validateSighting(damage(path, value)))).toEqual([`${shownAt} ${rule}`]);
  });

  it.each(leaves(wholeSighting()).filter((path) => !FREE.test(path)))(
    'finds the fault when %s is of no use',
    (path) => {
      const [fault, ...others] = faults(validateSighting(damage(path, {})));
      expect([`${path} type`, `${path} integer`]).toContain(fault);
      expect(others).toEqual([]);
    },
  );

  it('finds every fault of a document', () => {
    const doc = { ...wholeSighting(), count: -1, title: null, extra: 1, id: undefined };
    expect(faults(validateSighting(doc)).sort()).toEqual([
      'count integer',
      'extra closed',
      'id required',
      'title null',
    ]);
  });

  it('finds an observable that nobody asked about', () => {
    const asked = (...askedObservables: NonNullable<Sighting['observables']>) =>
      faults(validateSighting(wholeSighting(), { askedObservables }));
    expect(asked(ASKED, { type: 'ip', value: '192.0.2.1' })).toEqual([]);
    expect(asked({ type: 'domain', value: 'example.org' })).toEqual(['observables[0] sense.asked']);
    expect(asked({ type: 'hostname', value: 'example.com' })).toEqual([
      'observables[0] sense.asked',
    ]);
  });

  it.each([undefined, null, 1, 'sighting', [], () => 1])('does not take %p for a map', (doc) => {
    expect(faults(validateSighting(doc))).toEqual([' type']);
  });

  it('never repeats a value in a message', () => {
    const secret = 'c4n4ry';
    for (const [path] of DAMAGES) {
      expect(
        JSON.stringify(validateSighting(damage(path, secret)).map((it) => it.message)),
      ).not.toContain(secret);
    }
  });

  it('does not throw and finds something, whatever it is given', () => {
    fc.assert(
      fc.property(anyValue(), (doc) => {
        expect(validateSighting(doc, { askedObservables: [ASKED] })).not.toEqual([]);
      }),
    );
  });

  it('does not throw when anything stands anywhere in a document', () => {
    const paths = fc.constantFrom(...new Set(DAMAGES.map(([path]) => path)));
    fc.assert(
      fc.property(paths, anyValue(), (path, value) => {
        expect(validateSighting(damage(path, value), { askedObservables: [ASKED] })).toBeInstanceOf(
          Array,
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('validateEntityMap', () => {
  const OTHER = { ...wholeSighting(), id: `transient:sighting-${UUID.replace('3', '4')}` };
  const map = (...docs: unknown[]) => ({ sightings: { count: docs.length, docs } });

  it('finds nothing in an empty answer', () => {
    expect(validateEntityMap({})).toEqual([]);
  });

  it('finds nothing in an answer of valid sightings', () => {
    expect(validateEntityMap(map(wholeSighting(), OTHER))).toEqual([]);
  });

  it('allows every kind that the platform knows', () => {
    const kinds = BUNDLE_KEYS.filter((key) => key !== 'sightings');
    const data = Object.fromEntries(kinds.map((key) => [key, { count: 1, docs: [{}] }]));
    expect(validateEntityMap(data)).toEqual([]);
  });

  it('tells documents apart that have no id', () => {
    const docs = [{ disposition: 1 }, { disposition: 2 }];
    expect(validateEntityMap({ verdicts: { count: 2, docs } })).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['a list', [], [' type']],
    ['null', null, [' type']],
    ['an unknown kind', { bundles: { count: 0, docs: [] } }, ['bundles closed']],
    ['a null group', { sightings: null }, ['sightings null']],
    ['an empty group', map(), ['sightings.docs empty']],
    ['a group without count', { sightings: { docs: [OTHER] } }, ['sightings.count required']],
    ['documents in a map', { verdicts: { count: 1, docs: {} } }, ['verdicts.docs type']],
    ['an extra key', { verdicts: { count: 1, docs: [1], total: 1 } }, ['verdicts.total closed']],
    ['a wrong count', { sightings: { count: 2, docs: [OTHER] } }, ['sightings.count count']],
    [
      'a document twice, its keys in another order',
      map(OTHER, Object.fromEntries(Object.entries(OTHER).reverse())),
      ['sightings.docs[1] unique', 'sightings.docs[1] sense.unique-id'],
    ],
    [
      'two documents of one id',
      map(OTHER, wholeSighting(), { ...OTHER, count: 9 }),
      ['sightings.docs[2] sense.unique-id'],
    ],
    [
      'a bad document',
      map(OTHER, { ...wholeSighting(), tlp: 'clear' }),
      ['sightings.docs[1].tlp vocabulary'],
    ],
  ])('finds the fault of %s', (_, data, expected) => {
    expect(faults(validateEntityMap(data))).toEqual(expected);
  });

  it('finds an observable that nobody asked about', () => {
    const askedObservables = [{ type: 'ip', value: '192.0.2.1' }] as const;
    expect(faults(validateEntityMap(map(OTHER), { askedObservables }))).toEqual([
      'sightings.docs[0].observables[0] sense.asked',
    ]);
  });

  it('does not throw, whatever it is given', () => {
    const docs = fc.array(anyValue(), { minLength: 1 });
    const group = docs.map((them) => ({ count: them.length, docs: them }));
    const data = fc.oneof(anyValue(), fc.dictionary(fc.constantFrom(...BUNDLE_KEYS), group));
    fc.assert(
      fc.property(data, (it) => {
        expect(validateEntityMap(it)).toBeInstanceOf(Array);
      }),
    );
  });
});

function anyValue(): fc.Arbitrary<unknown> {
  return fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  });
}
