import type { ChangeKind, Finding } from './change.js';
import type { Discovery } from './discovery.js';
import type { Interval, KnownInterval } from './interval.js';
import type { KnownHistory } from './known-history.js';
import { learn, remembered } from './known-history.js';
import type { Look } from './look.js';
import { canonicalValue } from './subject.js';

/** Of an address whose hosts are only read in part, so many are kept: the latest seen. */
const MOST_HOSTS = 20_000;

/** The host names of a look, each as an interval of its own, without days. */
export function hostsOf(look: Look): readonly Interval[] {
  const hosts = new Map<string, Interval>();
  for (const { values, orgs } of look.intervals) {
    for (const value of values) {
      const host = canonicalValue(value, look);
      hosts.set(host, { first: null, last: null, values: [host], orgs });
    }
  }
  return [...hosts.values()];
}

/**
 * Compares the host names that point to an address now with those that did. Upstream tells no days,
 * so a name is new when it was not there; that it is gone follows only from a complete reading, and
 * that it was not there before only from a complete reading before.
 */
export function detectSnapshot(
  known: KnownHistory,
  shown: readonly Interval[],
  look: Look,
): Discovery {
  const held = byHost(known.intervals);
  const gone = byHost(known.withdrawn);
  const mark = String(known.lookedAt);
  const findings: Finding[] = [];
  const intervals = shown.map((interval) => {
    const host = hostOf(interval);
    const before = held.get(host);
    held.delete(host);
    if (before !== undefined) {
      return { ...before, orgs: interval.orgs, lastConfirmedAt: look.at };
    }
    const kind = arrival(gone.has(host), known.complete);
    findings.push(finding(kind, host, mark));
    return learn(interval, look.at, kind === 'BACKFILLED');
  });
  const complete = look.reach === 'all';
  const missing = [...held.values()];
  if (complete) {
    findings.push(...missing.map((interval) => finding('ENDED', hostOf(interval), mark)));
  }
  const withdrawn = missing.map((interval) => ({ ...interval, withdrawnAt: look.at }));
  const history: KnownHistory = {
    baselineAt: known.baselineAt,
    lookedAt: look.at,
    complete,
    current: [],
    intervals: complete ? intervals : [...intervals, ...missing].slice(0, MOST_HOSTS),
    withdrawn: complete ? remembered(withdrawn, known.withdrawn) : known.withdrawn,
  };
  return { history, findings };
}

function arrival(hadEnded: boolean, sawAllBefore: boolean): ChangeKind {
  return hadEnded ? 'RETURNED' : sawAllBefore ? 'ADDED' : 'BACKFILLED';
}

function finding(kind: ChangeKind, value: string, mark: string): Finding {
  return { kind, value, firstSeen: null, lastSeen: null, mark };
}

function byHost(intervals: readonly KnownInterval[]): Map<string, KnownInterval> {
  return new Map(intervals.map((interval) => [hostOf(interval), interval]));
}

function hostOf({ values }: Interval): string {
  return values[0] ?? '';
}
