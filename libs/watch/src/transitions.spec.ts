import { describe, expect, it } from '@jest/globals';

import type { Entry, Membership } from './entry.js';
import { DEFAULT_TUNING, refreshDue } from './schedule.js';
import type { ListRule } from './schedule.js';
import { phaseOf } from './state.js';
import { amend, claim, expedite, isAsked, join, leave, release, settle } from './transitions.js';
import type { Circumstances } from './transitions.js';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const KEY = 'd:example.com';
const PLACE: Membership = {
  note: null,
  addedAt: NOW,
  addedBy: 'a',
  expiresAt: null,
  paused: false,
};

function listed(no: number, hours: number, enabled = true): [number, ListRule] {
  const id = `wl_000000000000000${no}`;
  return [no, { no, id, enabled, priority: 'NORMAL', intervalMs: hours * HOUR }];
}

function around(now = NOW, rules = [listed(1, 24), listed(2, 2)]): Circumstances {
  return { now, rules: new Map(rules), tuning: DEFAULT_TUNING };
}

function joined(no: number, entry?: Entry, at = around()): Entry {
  return join(entry, { key: KEY, no, membership: PLACE, batchSize: 1 }, at);
}

function refreshed(entry: Entry, at = NOW): Entry {
  return settle(entry, { outcome: 'ok', at }, around(at));
}

describe('a watched observable', () => {
  it('is due at once when it is the only new one, and waits for its first answer', () => {
    const { facts } = joined(1);
    expect(facts.nextAt).toBe(NOW);
    expect(phaseOf(facts)).toBe('PENDING');
  });

  it('stays as it is when it is put on the same list again', () => {
    const entry = joined(1);
    expect(joined(1, entry)).toBe(entry);
  });

  it('comes due by the shortest interval of its lists, and by the others’ without that list', () => {
    const both = joined(2, refreshed(joined(1)));
    expect(both.facts.nextAt).toBe(refreshDue(KEY, NOW, 2 * HOUR, DEFAULT_TUNING));
    const one = leave(both, 2, around());
    expect(one?.facts.nextAt).toBe(refreshDue(KEY, NOW, 24 * HOUR, DEFAULT_TUNING));
    expect([...(one?.memberships.keys() ?? [])]).toEqual([1]);
  });

  it('is gone without its last list', () => {
    expect(leave(joined(1), 1, around())).toBeUndefined();
  });

  it('is not claimed before its time, twice, or where nobody wants it', () => {
    const entry = joined(1);
    const claimed = claim(entry, around());
    expect(claimed.facts).toMatchObject({ leased: true, nextAt: NOW + DEFAULT_TUNING.leaseMs });
    expect(claim(claimed, around(NOW + DEFAULT_TUNING.leaseMs))).toBe(claimed);
    expect(claim(entry, around(NOW - 1))).toBe(entry);
    expect(claim(entry, around(NOW, [listed(1, 24, false)]))).toBe(entry);
    const paused = amend(entry, 1, { paused: true }, around());
    expect(claim(paused, around())).toBe(paused);
  });

  it('comes back when its lease has run out, and not before', () => {
    const claimed = claim(joined(1), around());
    const end = NOW + DEFAULT_TUNING.leaseMs;
    expect(release(claimed, end - 1)).toBe(claimed);
    expect(release(claimed, end).facts).toMatchObject({ leased: false, nextAt: end });
  });

  it('counts failures, backs off, and forgets them at the next success', () => {
    const at = NOW + 1;
    const fail = (entry: Entry) =>
      settle(entry, { outcome: 'failed', reason: 'upstream_timeout', at }, around(at));
    const failed = fail(fail(claim(joined(1), around())));
    expect(failed.facts).toMatchObject({ failures: 2, leased: false, reason: 'upstream_timeout' });
    expect(failed.facts.nextAt).toBeGreaterThan(at);
    expect(refreshed(failed).facts).toMatchObject({ failures: 0, reason: null });
  });

  it('waits with a reason without a failure, for as long as told', () => {
    const end = { outcome: 'waiting', reason: 'budget', at: NOW, nextAt: NOW + HOUR } as const;
    const { facts } = settle(refreshed(joined(1)), end, around());
    expect(facts).toMatchObject({ held: true, failures: 0, reason: 'budget', nextAt: NOW + HOUR });
    expect(phaseOf(facts)).toBe('HELD');
  });

  it('is not set back by an answer older than the last', () => {
    const entry = refreshed(joined(1), NOW + HOUR);
    const late = settle(entry, { outcome: 'failed', at: NOW, changedAt: NOW }, around(NOW + HOUR));
    expect(late.facts).toEqual({ ...entry.facts, lastChangeAt: NOW });
  });

  it('remembers the latest change', () => {
    const end = (changedAt: number) => ({ outcome: 'ok', at: NOW, changedAt }) as const;
    const later = settle(joined(1), end(NOW), around());
    expect(settle(later, end(NOW - HOUR), around()).facts.lastChangeAt).toBe(NOW);
  });

  it('is made due at once by hand, unless a worker has it', () => {
    const entry = refreshed(joined(1));
    expect(expedite(entry, NOW + 5).facts.nextAt).toBe(NOW + 5);
    const claimed = claim(joined(1), around());
    expect(expedite(claimed, NOW)).toBe(claimed);
  });

  it('remembers that an operator made it due until it is settled', () => {
    const asked = expedite(refreshed(joined(1)), NOW);
    const claimed = claim(asked, around());
    expect([asked, claimed].map(({ facts }) => isAsked(facts))).toEqual([true, true]);
    expect(isAsked(refreshed(claimed, NOW + 1).facts)).toBe(false);
    const waiting = { outcome: 'waiting', reason: 'budget', at: NOW } as const;
    expect(isAsked(settle(claimed, waiting, around()).facts)).toBe(false);
  });

  it('counts as come due already when a worker lost it or an operator asked for it', () => {
    const claimed = claim(refreshed(joined(1)), around(NOW + 30 * HOUR));
    const back = release(claimed, claimed.facts.nextAt);
    expect([back, expedite(refreshed(joined(1)), NOW)].map(({ facts }) => phaseOf(facts))).toEqual([
      'HELD',
      'HELD',
    ]);
  });

  it('stays due at once by an operator’s wish when lists change', () => {
    const asked = expedite(refreshed(joined(1)), NOW);
    expect(joined(2, asked).facts.nextAt).toBe(NOW);
  });

  it('keeps why it failed when an operator makes it due', () => {
    const end = { outcome: 'failed', reason: 'upstream_timeout', at: NOW } as const;
    const { facts } = expedite(settle(joined(1), end, around()), NOW);
    expect(facts).toMatchObject({ nextAt: NOW, failures: 1, reason: 'upstream_timeout' });
    expect(isAsked(facts)).toBe(false);
  });

  it('keeps its back-off, hold and first time when lists change', () => {
    const pending = joined(1);
    expect(joined(2, pending).facts).toEqual(pending.facts);
    const failing = settle(pending, { outcome: 'failed', at: NOW }, around());
    expect(joined(2, failing).facts).toEqual(failing.facts);
  });
});
