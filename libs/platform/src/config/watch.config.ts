import { integer } from './parsers.js';
import type { AreaSettings } from './setting.js';

/** How much may be watched, and how long what changed is kept. */
export interface WatchConfig {
  readonly maxLists: number;
  readonly maxObservables: number;
  readonly maxNoteLength: number;
  readonly firstFetchPages: number;
  readonly maxChanges: number;
  readonly changesKeepDays: number;
}

export const WATCH_SETTINGS: AreaSettings<WatchConfig> = {
  maxLists: {
    name: 'WATCH_MAX_LISTS',
    description: 'Watchlists at most',
    example: '1000',
    defaultText: '1000',
    parse: integer(1, 100_000),
  },
  maxObservables: {
    name: 'WATCH_MAX_OBSERVABLES',
    description: 'Observables on one watchlist at most',
    example: '100000',
    defaultText: '100000',
    parse: integer(1, 10_000_000),
  },
  maxNoteLength: {
    name: 'WATCH_MAX_NOTE_LENGTH',
    description: 'Characters of a note on a watched observable at most',
    example: '500',
    defaultText: '500',
    parse: integer(0, 10_000),
  },
  firstFetchPages: {
    name: 'WATCH_FIRST_FETCH_PAGES',
    description:
      'Pages (of 100 entries, one upstream call each) read of each history when an observable is fetched first; a refresh reads page 1',
    example: '1',
    defaultText: '1',
    parse: integer(1, 100),
  },
  maxChanges: {
    name: 'CHANGES_MAX',
    description: 'Changes kept at most; the oldest go first',
    example: '100000',
    defaultText: '100000',
    parse: integer(1, 100_000_000),
  },
  changesKeepDays: {
    name: 'CHANGES_KEEP_DAYS',
    description: 'Days for which a change is kept',
    example: '400',
    defaultText: '400',
    parse: integer(1, 36_500),
  },
};
