import { isIP } from 'node:net';

import type { ObservableType } from '#observables';

import type { Change } from './change.js';
import type { ChangeFilter, PageQuery } from './change-store.port.js';
import { MOST_A_PAGE } from './change-store.port.js';
import { ChangesError } from './errors.js';
import type { Place } from './place.js';
import { partsOf, placeAt, placeFrom } from './place.js';

/** A range of places, from above; its ends are where Redis' BYLEX wants them. */
export interface PlaceRange {
  /** Every place in the range is lower than this text. */
  readonly below: string;
  /** Every place in the range is this text, or higher. */
  readonly from: string;
}

/** Higher than any place of the instant before it: digits and letters are all lower. */
const ABOVE = '~';

/** The places that a query can mean. @throws ChangesError `bad_cursor`. */
export function rangeOf(filter: ChangeFilter, after?: string): PlaceRange {
  const until = filter.until === undefined ? ABOVE : placeFrom(filter.until) + ABOVE;
  const cursor = after === undefined ? ABOVE : placeAt(after);
  return {
    below: cursor < until ? cursor : until,
    from: filter.since === undefined ? '' : placeFrom(filter.since),
  };
}

/** @throws ChangesError `bad_page_size`. */
export function pageSizeOf({ first }: PageQuery): number {
  if (!Number.isInteger(first) || first < 1 || first > MOST_A_PAGE) {
    throw new ChangesError('bad_page_size', `A page has 1 to ${MOST_A_PAGE} changes.`);
  }
  return first;
}

/** Whether the place alone rules the change out. */
export function placeFits(place: Place, { kind, type }: ChangeFilter): boolean {
  const parts = partsOf(place);
  return (kind === undefined || parts.kind === kind) && (type === undefined || parts.type === type);
}

export function changeFits(change: Change, { value, watchlistId }: ChangeFilter): boolean {
  return (
    (value === undefined || change.observable.value === value) &&
    (watchlistId === undefined || change.watchlists.includes(watchlistId))
  );
}

/** The only type of observable that can have this canonical value. */
export function typeOfValue(value: string): ObservableType {
  switch (isIP(value)) {
    case 4:
      return 'ip';
    case 6:
      return 'ipv6';
    default:
      return 'domain';
  }
}
