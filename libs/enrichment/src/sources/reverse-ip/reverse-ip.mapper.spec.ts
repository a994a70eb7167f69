import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Observable, Sighting } from '#ctim';
import { validateSighting } from '#ctim';

import type { Drawing } from '../../enrichment-source.port.js';
import { NONE } from '../../paged/pages.js';
import { question } from '../../question.js';
import { drawReverseIp } from './reverse-ip.mapper.js';
import type { Host } from './reverse-ip.mapper.js';

const GIVEN: Observable = { type: 'ip', value: '192.0.2.44' };
const PAGE = 'https://securitytrails.com/list/ip/192.0.2.44';
const FETCHED_AT = Date.parse('2026-03-10T12:34:56.789Z');

function host(name: string, ...orgs: readonly string[]): Host {
  return { name, orgs };
}

interface Rest extends Partial<Drawing<Host>> {
  readonly recordCount?: number;
}

function drawn(items: readonly Host[], rest: Rest = {}): Sighting | undefined {
  const { recordCount, ...others } = rest;
  return drawReverseIp(
    {
      question: question('list', { type: 'ip', value: GIVEN.value }),
      given: GIVEN,
      items,
      pages: { ...NONE, items, ...(recordCount !== undefined && { recordCount }) },
      fetchedAt: FETCHED_AT,
      queriedAt: undefined,
      occurrence: 1,
      ...others,
    },
    PAGE,
  );
}

function names(sighting: Sighting | undefined): string[] {
  return sighting?.relations?.map(({ source }) => source.value) ?? [];
}

describe('drawReverseIp', () => {
  it('states the names in the order of code points, in their own spelling, none twice', () => {
    const hosts = [
      'b.example.com',
      'a.example.com',
      'B.example.com',
      'b.example.com',
      '_x.example.com',
    ];
    expect(names(drawn(hosts.map((name) => host(name))))).toEqual([
      'B.example.com',
      '_x.example.com',
      'a.example.com',
      'b.example.com',
    ]);
  });

  it('runs every relation from the name to the address as given', () => {
    expect(drawn([host('a.example.com', 'Example Hosting Inc.')])?.relations).toEqual([
      {
        origin: 'SecurityTrails Enrichment Module',
        relation: 'Resolved_To',
        source: { type: 'domain', value: 'a.example.com' },
        related: GIVEN,
        relation_info: { record_type: 'A', organizations: ['Example Hosting Inc.'] },
      },
    ]);
  });

  it('claims no first and last day, for upstream knows none', () => {
    const info = drawn([host('a.example.com')])?.relations?.[0]?.relation_info;
    expect(info).toEqual({ record_type: 'A' });
  });

  it('speaks of IPv6 addresses as of AAAA records', () => {
    const given: Observable = { type: 'ipv6', value: '2001:DB8::1' };
    const sighting = drawn([host('a.example.com')], {
      given,
      question: question('list', { type: 'ipv6', value: '2001:db8::1' }),
    });
    expect(sighting).toMatchObject({
      description: 'Domains that have resolved to 2001:DB8::1',
      observables: [given],
      external_ids: ['securitytrails-reverse-ip-2001:db8::1'],
      relations: [{ related: given, relation_info: { record_type: 'AAAA' } }],
    });
  });

  it.each([
    ["upstream's count of all names", 240, 240],
    ['its own count when upstream gives none', undefined, 2],
    ['one at least', 0, 1],
    ['what the model can hold', Number.MAX_SAFE_INTEGER, 2_147_483_647],
  ])('counts %s', (_, recordCount, count) => {
    const hosts = [host('a.example.com'), host('b.example.com')];
    const rest = recordCount === undefined ? {} : { recordCount };
    expect(drawn(hosts, rest)?.count).toBe(count);
  });

  it('was seen when it was fetched', () => {
    const at = '2026-03-10T12:34:56.789Z';
    expect(drawn([host('a.example.com')])?.observed_time).toEqual({ start_time: at, end_time: at });
  });

  it('was seen at the moment of the call where sightings carry that', () => {
    const at = '2026-04-01T00:00:00.000Z';
    expect(drawn([host('a.example.com')], { queriedAt: Date.parse(at) })?.observed_time).toEqual({
      start_time: at,
      end_time: at,
    });
  });

  it.each([
    ['no names', []],
    ['names that cannot be one', [host('localhost'), host('192.0.2.1'), host('a b.example.com')]],
  ])('sees nothing in %s', (_, hosts) => {
    expect(drawn(hosts, { recordCount: 5 })).toBeUndefined();
  });

  it('gives names of other scripts in the form in which they can be looked up', () => {
    const hosts = [host('bücher.example'), host('🏢.example'), host('xn--bcher-kva.example')];
    expect(names(drawn(hosts))).toEqual(['xn--bcher-kva.example', 'xn--wm8h.example']);
  });
});

describe('the id of a list sighting', () => {
  const hosts = [host('a.example.com'), host('b.example.com')];

  it('is the same at another time and with names in another order', () => {
    const later = drawn([...hosts].reverse(), { fetchedAt: FETCHED_AT + 86_400_000 });
    expect(later?.id).toBe(drawn(hosts)?.id);
  });

  it('is the same while only the count of all names drifts', () => {
    expect(drawn(hosts, { recordCount: 241 })?.id).toBe(drawn(hosts, { recordCount: 240 })?.id);
  });

  it.each([
    ['observable', drawn(hosts, { given: { type: 'ip', value: '192.0.2.45' } })],
    ['copy in the call', drawn(hosts, { occurrence: 2 })],
    ['list of names', drawn([host('a.example.com'), host('c.example.com')])],
  ])('is another for another %s', (_, other) => {
    expect(other?.id).not.toBe(drawn(hosts)?.id);
  });
});

describe('sightings of arbitrary lists', () => {
  const hostile = fc.oneof(
    fc.domain(),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }).map((text) => `${text}.example.com`),
    fc.constantFrom(
      '__proto__.example.com',
      'constructor',
      'toString.example.com',
      '<script>.example.com',
      ' a.example.com ',
      'a.example.com.',
      'a..example.com',
      '*.example.com',
      'A.EXAMPLE.COM',
      '\u{1f3e2}.example',
      'ｆｕｌｌ.example',
      `${'a'.repeat(64)}.example.com`,
      `${'a.'.repeat(127)}com`,
      'x\u0000y.example.com',
      'x\ud800y.example.com',
    ),
  );
  const hosts = fc.array(
    fc
      .tuple(hostile, fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 2 }))
      .map(([name, orgs]) => host(name, ...orgs)),
    { maxLength: 40 },
  );

  it('are valid CTIM, whatever the names are', () => {
    fc.assert(
      fc.property(hosts, fc.option(fc.maxSafeNat(), { nil: undefined }), (items, recordCount) => {
        const sighting = drawn(items, recordCount === undefined ? {} : { recordCount });
        const faults =
          sighting === undefined
            ? []
            : validateSighting(JSON.parse(JSON.stringify(sighting)), { askedObservables: [GIVEN] });
        expect(faults).toEqual([]);
      }),
    );
  });

  it('are sorted by code point and name none twice', () => {
    fc.assert(
      fc.property(hosts, (items) => {
        const stated = names(drawn(items));
        expect(stated).toEqual(
          [...new Set(stated)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
      }),
    );
  });

  it('draw a thousand names', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => host(`h${index}.example.com`));
    const sighting = drawn(many, { recordCount: 59_251 });
    expect(names(sighting)).toHaveLength(1_000);
    expect(sighting?.count).toBe(59_251);
    expect(validateSighting(sighting)).toEqual([]);
  });
});
