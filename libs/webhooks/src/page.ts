import { WebhookError } from './fault.js';

/** A page, newest first; stays valid while items come and go. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins, opaque; null after the last. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** How many at most. */
  readonly first: number;
  /** The cursor of an item; undefined: from the newest. */
  readonly after?: string;
}

const TIME_DIGITS = 13;
const PLACE = /^\d{13}[\w-]{1,64}$/;

interface Placed {
  readonly id: string;
  readonly createdAt: number;
}

/** Places sort as text, oldest first: 13 digits of the time, then the id. */
export function placeOf({ id, createdAt }: Placed): string {
  return `${placeFrom(createdAt)}${id}`;
}

/** The lowest place of this instant or later. */
export function placeFrom(instant: number): string {
  return String(Math.max(0, Math.trunc(instant))).padStart(TIME_DIGITS, '0');
}

export function idAt(place: string): string {
  return place.slice(TIME_DIGITS);
}

/** What a caller is given to go on from an item; stays valid when the item is gone. */
export function cursorOf(placed: Placed): string {
  return Buffer.from(placeOf(placed)).toString('base64url');
}

/** @throws WebhookError `bad_cursor` */
export function placeAt(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!PLACE.test(place)) {
    throw new WebhookError('bad_cursor', 'That cursor was not given by this service.');
  }
  return place;
}
