import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Facts, Membership } from './entry.js';
import { dueRange, instantOf, scoreOf, stateRanges } from './state-index.js';
import { WATCH_STATES, watchState } from './state.js';

const NOW = 1_800_000_000_000;

function facts(over: Partial<Facts> = {}): Facts {
  return {
    nextAt: NOW + 1,
    leased: false,
    held: false,
    lastRefreshedAt: NOW - 1_000,
    lastChangeAt: null,
    failures: 0,
    reason: null,
    ...over,
  };
}

function place(over: Partial<Membership> = {}): Membership {
  return { note: null, addedAt: 0, addedBy: 'a', expiresAt: null, paused: false, ...over };
}

function state(facts: Facts, membership = place(), listEnabled = true) {
  return watchState(facts, { membership, listEnabled }, NOW);
}

describe('the state of a watched observable', () => {
  it.each([
    ['FRESH until its time has come', facts(), 'FRESH'],
    ['DUE from then on', facts({ nextAt: NOW }), 'DUE'],
    ['DUE while it is put off', facts({ held: true, nextAt: NOW + 9 }), 'DUE'],
    ['PENDING before anything is known', facts({ lastRefreshedAt: null }), 'PENDING'],
    ['PENDING also when put off', facts({ lastRefreshedAt: null, held: true }), 'PENDING'],
    ['FAILING after a failure', facts({ failures: 1 }), 'FAILING'],
    ['REFRESHING in a worker’s hands', facts({ leased: true, failures: 2 }), 'REFRESHING'],
  ])('is %s', (_title, given, expected) => {
    expect(state(given)).toBe(expected);
  });

  it('is PAUSED by itself or with its list, whatever the facts', () => {
    expect(state(facts({ failures: 3 }), place({ paused: true }))).toBe('PAUSED');
    expect(state(facts({ leased: true }), place(), false)).toBe('PAUSED');
  });

  it('is EXPIRED from the very instant, before anything else', () => {
    expect(state(facts(), place({ expiresAt: NOW, paused: true }), false)).toBe('EXPIRED');
    expect(state(facts(), place({ expiresAt: NOW + 1 }))).toBe('FRESH');
  });
});

const anyFacts: fc.Arbitrary<Facts> = fc.record({
  nextAt: fc.integer({ min: NOW - 5, max: NOW + 5 }),
  leased: fc.boolean(),
  held: fc.boolean(),
  lastRefreshedAt: fc.constantFrom(null, NOW - 10),
  lastChangeAt: fc.constant(null),
  failures: fc.nat(1),
  reason: fc.constant(null),
});
const anyPlace: fc.Arbitrary<Membership> = fc.record({
  note: fc.constant(null),
  addedAt: fc.constant(0),
  addedBy: fc.constant('a'),
  expiresAt: fc.option(fc.integer({ min: NOW - 5, max: NOW + 5 })),
  paused: fc.boolean(),
});

describe('the index of states', () => {
  it('puts every observable into exactly the range of its state', () => {
    fc.assert(
      fc.property(anyFacts, anyPlace, fc.boolean(), (given, membership, listEnabled) => {
        const score = scoreOf(given, membership, NOW);
        const found = WATCH_STATES.filter((one) =>
          stateRanges(one, listEnabled, NOW).some(({ min, max }) => score >= min && score <= max),
        );
        expect(found).toEqual([state(given, membership, listEnabled)]);
      }),
    );
  });

  it('carries the instant, and finds what is due by it', () => {
    const score = scoreOf(facts({ nextAt: NOW }), place(), NOW);
    expect(instantOf(score)).toBe(NOW);
    expect(dueRange('SCHEDULED', NOW).max).toBe(score);
    expect(dueRange('SCHEDULED', NOW - 1).max).toBeLessThan(score);
  });
});
