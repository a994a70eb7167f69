import type { Change, ChangeKind, Finding } from './change.js';
import { changeOf } from './change.js';
import { dayNumber, dayOf, dayText, startOfDay, touching } from './day.js';
import type { Interval, KnownInterval } from './interval.js';
import type { KnownHistory } from './known-history.js';
import { CURRENT_WITHIN_DAYS } from './known-history.js';
import type { Subject } from './subject.js';
import { isSnapshot } from './subject.js';

/**
 * What one look a day would have raised from a day (`YYYY-MM-DD`) on to the latest look, had the
 * subject been watched before, told from what is held of it. Nothing is backfilled in such a world.
 * A dated change has the start of its day as its time; of an address it is the look that found it.
 */
export function backtest(
  subject: Subject,
  history: KnownHistory,
  since: string,
): readonly Change[] {
  const found = isSnapshot(subject)
    ? replaySnapshot(history)
    : replayDated(history.intervals, dayOf(history.lookedAt));
  return found
    .filter(({ at }) => dayOf(at) >= since)
    .map(({ at, ...finding }) => changeOf(finding, { ...subject, at, watchlists: [] }));
}

interface Found extends Finding {
  readonly at: number;
}

interface Run {
  readonly first: string | null;
  readonly last: string | null;
}

/** How things stand while the intervals are walked from the oldest to the newest. */
interface Replay {
  readonly runs: Map<string, Run>;
  current: ReadonlySet<string>;
  readonly found: Found[];
}

function replayDated(intervals: readonly Interval[], until: string): readonly Found[] {
  const replay: Replay = { runs: new Map(), current: new Set(), found: [] };
  let older: Interval | undefined;
  for (const interval of [...intervals].reverse()) {
    fallSilent(replay, older, interval.first ?? '');
    become(replay, interval, older);
    older = interval;
  }
  fallSilent(replay, older, dayText(dayNumber(until) + 1));
  return replay.found;
}

/** Ends what an interval held when it was over for too long before the next began. */
function fallSilent(replay: Replay, interval: Interval | undefined, before: string): void {
  if (interval === undefined || interval.last === null) {
    return;
  }
  const day = dayText(dayNumber(interval.last) + CURRENT_WITHIN_DAYS + 1);
  if (day < before) {
    endAll(replay, replay.current, day);
    replay.current = new Set();
  }
}

function become(replay: Replay, interval: Interval, older: Interval | undefined): void {
  const { first, last } = interval;
  const values = new Set(interval.values);
  if (first !== null) {
    endAll(replay, without(replay.current, values), first);
    for (const value of without(values, replay.current)) {
      const kind = replay.runs.has(value) ? 'RETURNED' : 'ADDED';
      replay.found.push({ kind, value, ...beginning(first, last) });
    }
  }
  const joins = older !== undefined && touching(older.last, first);
  for (const value of values) {
    const run = joins && older.values.includes(value) ? replay.runs.get(value) : undefined;
    replay.runs.set(value, { first: run?.first ?? first, last });
  }
  replay.current = values;
}

function endAll({ runs, found }: Replay, values: Iterable<string>, day: string): void {
  for (const value of values) {
    const { first, last } = runs.get(value) ?? { first: null, last: null };
    const at = startOfDay(dayNumber(day));
    const mark = last ?? '';
    found.push({ kind: 'ENDED', value, firstSeen: first, lastSeen: last, mark, at });
  }
}

/** On its first day an interval has no other last day yet; one without an end has none. */
function beginning(first: string, last: string | null): Omit<Found, 'kind' | 'value'> {
  return {
    firstSeen: first,
    lastSeen: last === null ? null : first,
    mark: first,
    at: startOfDay(dayNumber(first)),
  };
}

function without(values: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...values].filter((value) => !others.has(value));
}

function replaySnapshot({ intervals, withdrawn, baselineAt }: KnownHistory): readonly Found[] {
  const seen = new Set<string>();
  return [...withdrawn, ...intervals]
    .sort((a, b) => a.learnedAt - b.learnedAt)
    .flatMap((interval) => {
      const [host = ''] = interval.values;
      const came = arrival(interval, seen.has(host), baselineAt);
      seen.add(host);
      return [
        ...(came === undefined ? [] : [momentary(came, host, interval.learnedAt)]),
        ...(interval.withdrawnAt === null ? [] : [momentary('ENDED', host, interval.withdrawnAt)]),
      ];
    });
}

function arrival(
  { learnedAt, late }: KnownInterval,
  again: boolean,
  baselineAt: number,
): ChangeKind | undefined {
  if (late || learnedAt === baselineAt) {
    return undefined;
  }
  return again ? 'RETURNED' : 'ADDED';
}

function momentary(kind: ChangeKind, value: string, at: number): Found {
  return { kind, value, firstSeen: null, lastSeen: null, mark: String(at), at };
}
