import type { WatchedObservable } from '#watch';

import { observableText } from './naming.js';
import { table } from './table.js';
import { instantText, minuteText } from './terminal-text.js';

/** A watched observable in the words of the operations API. */
export function watchedJson(one: WatchedObservable): object {
  return {
    id: one.id,
    watchlistId: one.watchlistId,
    observable: one.observable,
    note: one.note,
    addedAt: instantText(one.addedAt),
    addedBy: one.addedBy,
    expiresAt: instantText(one.expiresAt),
    paused: one.paused,
    state: one.state,
    lastRefreshedAt: instantText(one.lastRefreshedAt),
    nextRefreshAt: instantText(one.nextRefreshAt),
    lastChangeAt: instantText(one.lastChangeAt),
    consecutiveFailures: one.consecutiveFailures,
    lastError: one.lastError,
    waitingFor: one.waitingFor,
  };
}

export function watchedTable(some: readonly WatchedObservable[]): string[] {
  return table(HEADINGS, some.map(watchedRow));
}

const HEADINGS = ['OBSERVABLE', 'STATE', 'REFRESHED', 'NEXT', 'CHANGED', 'EXPIRES', 'WHY', 'NOTE'];

function watchedRow(one: WatchedObservable): string[] {
  return [
    observableText(one.observable),
    one.state,
    minuteText(one.lastRefreshedAt),
    minuteText(one.nextRefreshAt),
    minuteText(one.lastChangeAt),
    minuteText(one.expiresAt),
    whyText(one),
    one.note ?? '',
  ];
}

function whyText({ lastError, waitingFor, consecutiveFailures }: WatchedObservable): string {
  if (lastError !== null) {
    return `${lastError} (${consecutiveFailures}x)`;
  }
  return waitingFor === null ? '' : `waits: ${waitingFor}`;
}
