import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decodeMember, decodeRecord, encodeMember, encodeRecord } from './entry.codec.js';
import { keyOf, observableOf, parseWatchedId, watchedId } from './observable-key.js';
import { plainText } from './plain-text.js';

const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });

describe('what is stored of an observable', () => {
  it('comes back as it was', () => {
    const record = fc.record({
      revision: fc.nat(1_295),
      lists: fc.array(fc.nat(100_000)),
      facts: fc.record({
        nextAt: instant,
        leased: fc.boolean(),
        held: fc.constant(false),
        lastRefreshedAt: fc.option(instant),
        lastChangeAt: fc.option(instant),
        failures: fc.nat(1_000),
        reason: fc.constantFrom(null, 'upstream_timeout', 'budget'),
      }),
    });
    fc.assert(
      fc.property(record, (given) => {
        expect(decodeRecord(encodeRecord(given))).toEqual(given);
      }),
    );
  });

  it('fits the compact form of Redis while it is refreshed as while it rests', () => {
    const at = 1_800_000_000_000;
    const facts = {
      lastRefreshedAt: at,
      lastChangeAt: at,
      failures: 12,
      reason: 'upstream_timeout',
    };
    const text = encodeRecord({
      revision: 1_295,
      lists: [1_000, 999],
      facts: { nextAt: at, leased: true, held: false, ...facts },
    });
    expect(text.length).toBeLessThanOrEqual(64);
  });

  it('keeps a reason from breaking its form', () => {
    const facts = {
      nextAt: 1,
      leased: false,
      held: true,
      lastRefreshedAt: null,
      lastChangeAt: null,
    };
    const reason = `a|b ${'c'.repeat(100)}`;
    const record = { revision: 0, lists: [1], facts: { ...facts, failures: 0, reason } };
    expect(decodeRecord(encodeRecord(record)).facts.reason).toBe(`a_b_${'c'.repeat(36)}`);
  });

  it.each(['', 'x', '1|1', '1|1|||||'])('is refused in an unknown form: %j', (text) => {
    expect(() => decodeRecord(text)).toThrow(expect.objectContaining({ code: 'damaged' }));
  });
});

describe('what is stored of a place on a list', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).map(plainText);
  const membership = fc.record({
    note: text.map((note) => (note === '' ? null : note)),
    addedAt: instant,
    addedBy: text,
    expiresAt: fc.option(instant),
    paused: fc.boolean(),
  });

  it('comes back as it was, and begins with its key', () => {
    fc.assert(
      fc.property(membership, (given) => {
        const stored = encodeMember('d:example.com', given);
        expect(stored.startsWith('d:example.com ')).toBe(true);
        expect(decodeMember(stored)).toEqual({ key: 'd:example.com', membership: given });
      }),
    );
  });

  it('is refused in an unknown form', () => {
    expect(() => decodeMember('d:example.com')).toThrow(
      expect.objectContaining({ code: 'damaged' }),
    );
  });
});

describe('the id of a watched observable', () => {
  it.each([
    { type: 'domain', value: 'example.com' },
    { type: 'ip', value: '192.0.2.1' },
    { type: 'ipv6', value: '2001:db8::1' },
  ] as const)('tells list and observable: $value', (observable) => {
    const key = keyOf(observable);
    const listId = 'wl_abcdefgh-_345678';
    expect(observableOf(key)).toEqual(observable);
    expect(parseWatchedId(watchedId(listId, key))).toEqual({ listId, key });
  });

  it.each([
    '',
    'wo_short.ZDpleGFtcGxlLmNvbQ',
    'wo_abcdefgh-_345678.',
    watchedId('wl_abcdefgh-_345678', 'd:Example.com'),
    watchedId('wl_abcdefgh-_345678', 'x:example.com'),
    `${watchedId('wl_abcdefgh-_345678', 'd:example.com')}=`,
  ])('is none: %j', (id) => {
    expect(parseWatchedId(id)).toBeUndefined();
  });
});
