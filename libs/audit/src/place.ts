import type { AuditEvent } from './audit-event.js';
import { AuditError } from './errors.js';

const TIME_DIGITS = 13;
const PLACE = /^\d{13}[\w-]{1,64}$/;

type Placed = Pick<AuditEvent, 'id' | 'at'>;

/** Places sort as text, oldest first, and a page goes on from one whose event is gone. */
export function placeOf({ id, at }: Placed): string {
  return `${placeFrom(at)}${id}`;
}

/** The lowest place of this instant or later. */
export function placeFrom(instant: number): string {
  return String(Math.max(0, Math.trunc(instant))).padStart(TIME_DIGITS, '0');
}

export function idAt(place: string): string {
  return place.slice(TIME_DIGITS);
}

export function cursorOf(event: Placed): string {
  return Buffer.from(placeOf(event)).toString('base64url');
}

/** @throws AuditError `bad_cursor` */
export function placeAt(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!PLACE.test(place)) {
    throw new AuditError('bad_cursor', 'That cursor was not given by this service.');
  }
  return place;
}
