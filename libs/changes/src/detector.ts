import { detectDated } from './dated-detector.js';
import type { Change } from './change.js';
import { changeOf } from './change.js';
import { normalise } from './interval.js';
import type { Interval } from './interval.js';
import type { KnownHistory } from './known-history.js';
import { currentValues, learn } from './known-history.js';
import type { Look } from './look.js';
import { detectSnapshot, hostsOf } from './snapshot-detector.js';
import { isSnapshot } from './subject.js';

/** What a look leads to. */
export interface Detection {
  readonly history: KnownHistory;
  readonly changes: readonly Change[];
}

/**
 * Compares a look with what is known. The first look is a baseline and finds nothing; nor does one
 * that is not later than the latest, which also leaves the history as it is. Nor does the first one
 * after nobody had watched.
 */
export function detect(known: KnownHistory | undefined, look: Look): Detection {
  const shown = isSnapshot(look) ? hostsOf(look) : normalise(look.intervals, look);
  if (known === undefined) {
    return { history: baseline(shown, look), changes: [] };
  }
  if (look.at <= known.lookedAt) {
    return { history: known, changes: [] };
  }
  const { history, findings } = isSnapshot(look)
    ? detectSnapshot(known, shown, look)
    : detectDated(known, shown, look);
  const isNews = look.watchedSince === undefined || known.lookedAt >= look.watchedSince;
  return { history, changes: isNews ? findings.map((finding) => changeOf(finding, look)) : [] };
}

function baseline(shown: readonly Interval[], look: Look): KnownHistory {
  return {
    baselineAt: look.at,
    lookedAt: look.at,
    complete: look.reach === 'all',
    current: isSnapshot(look) ? [] : [...currentValues(shown, look.at)],
    intervals: shown.map((interval) => learn(interval, look.at)),
    withdrawn: [],
  };
}
