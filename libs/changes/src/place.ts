import { OBSERVABLE_TYPES } from '#observables';
import type { ObservableType } from '#observables';

import type { Change, ChangeKind } from './change.js';
import { CHANGE_KINDS } from './change.js';
import { ChangesError } from './errors.js';

/**
 * A change's place in the order of changes: 13 digits of its time, a letter for its kind, a digit
 * for its observable's type, its id. Places sort as text, oldest first, and none is another's, so a
 * page goes on from a place whether or not its change is still there.
 */
export type Place = string;

/** What a place tells without its change. */
export interface PlaceParts {
  readonly kind: ChangeKind | undefined;
  readonly type: ObservableType | undefined;
  readonly id: string;
}

const TIME_DIGITS = 13;
const ID_FROM = TIME_DIGITS + 2;
const PLACE = /^\d{13}[A-Z]\dch_[\w-]{22}$/;
/** The latest instant that a time of 13 digits can tell. */
const LATEST = 9_999_999_999_999;

type Placed = Pick<Change, 'id' | 'kind' | 'detectedAt' | 'observable'>;

export function placeOf({ id, kind, detectedAt, observable }: Placed): Place {
  const type = OBSERVABLE_TYPES.indexOf(observable.type);
  return `${placeFrom(detectedAt)}${kind.charAt(0)}${type}${id}`;
}

/** The lowest place that a change of this instant or later can have. */
export function placeFrom(instant: number): Place {
  const within = Math.min(Math.max(0, Math.trunc(instant)), LATEST);
  return String(within).padStart(TIME_DIGITS, '0');
}

export function partsOf(place: Place): PlaceParts {
  const kind = CHANGE_KINDS.find((name) => name.startsWith(place.charAt(TIME_DIGITS)));
  const type = OBSERVABLE_TYPES[Number(place.charAt(TIME_DIGITS + 1))];
  return { kind, type, id: place.slice(ID_FROM) };
}

/** What a caller is given to go on from a change; stays valid when the change is gone. */
export function cursorOf(change: Placed): string {
  return Buffer.from(placeOf(change)).toString('base64url');
}

/** @throws ChangesError `bad_cursor` for what {@link cursorOf} did not give. */
export function placeAt(cursor: string): Place {
  const place = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!PLACE.test(place)) {
    throw new ChangesError('bad_cursor', 'That cursor was not given by this service.');
  }
  return place;
}
