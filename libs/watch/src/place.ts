import type { CanonicalObservable } from '#observables';

import type { Membership } from './entry.js';
import { fault } from './fault.js';
import type { WatchFault } from './fault.js';
import { ACTOR_LENGTH } from './limits.js';
import type { WatchLimits } from './limits.js';
import { keyOf } from './observable-key.js';
import type { ObservableKey } from './observable-key.js';
import { plainText } from './plain-text.js';

/** What shall be watched; `value` canonical. */
export interface WatchWish {
  readonly observable: CanonicalObservable;
  readonly note?: string | null;
  /** Epoch milliseconds, in the future. */
  readonly expiresAt?: number | null;
  readonly paused?: boolean;
  /** An import brings its own past, which may have an expiry in it; else it is now. */
  readonly addedAt?: number;
  /** As {@link WatchWish.addedAt}; else the actor. */
  readonly addedBy?: string;
}

export type MembershipPatch = Partial<Pick<Membership, 'note' | 'expiresAt' | 'paused'>>;

/** The places that wishes mean, by key; of two for one observable the first. */
export function placesOf(
  wishes: readonly WatchWish[],
  actor: string,
  now: number,
): Map<ObservableKey, Membership> {
  const who = actorName(actor);
  const places = new Map<ObservableKey, Membership>();
  for (const wish of wishes) {
    const key = keyOf(wish.observable);
    if (!places.has(key)) {
      places.set(key, {
        note: tidyNote(wish.note ?? null),
        addedAt: wish.addedAt ?? now,
        addedBy: wish.addedBy === undefined ? who : actorName(wish.addedBy),
        expiresAt: wish.expiresAt ?? null,
        paused: wish.paused ?? false,
      });
    }
  }
  return places;
}

/** All that is wrong with wishes, each under `observables`, its index and the field. */
export function wishFaults(
  wishes: readonly WatchWish[],
  limits: WatchLimits,
  now: number,
): WatchFault[] {
  return wishes.flatMap((wish, index) => {
    const note = tidyNote(wish.note ?? null);
    const expiresAt = wish.addedAt === undefined ? (wish.expiresAt ?? null) : null;
    return patchFaults({ note, expiresAt }, limits, now).map((found) => ({
      ...found,
      field: ['observables', String(index), ...found.field],
    }));
  });
}

/** All that is wrong with a change of a place; its note is tidy. */
export function patchFaults(
  { note = null, expiresAt = null }: MembershipPatch,
  { noteLength }: WatchLimits,
  now: number,
): WatchFault[] {
  const faults: WatchFault[] = [];
  if ((note ?? '').length > noteLength) {
    faults.push(fault('INVALID', ['note'], `is longer than ${noteLength} characters`));
  }
  if (expiresAt !== null && !(expiresAt > now)) {
    faults.push(fault('INVALID', ['expiresAt'], 'is not in the future'));
  }
  return faults;
}

export function tidyPatch(patch: MembershipPatch): MembershipPatch {
  return patch.note === undefined ? patch : { ...patch, note: tidyNote(patch.note) };
}

/** Who did it, as it is kept. */
export function actorName(actor: string): string {
  return plainText(actor).slice(0, ACTOR_LENGTH).toWellFormed();
}

function tidyNote(note: string | null): string | null {
  const text = plainText(note ?? '');
  return text === '' ? null : text;
}
