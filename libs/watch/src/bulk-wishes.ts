import type { AcceptedValue } from './bulk-text.js';
import type { WatchWish } from './place.js';

/** What pasted values wish for; what a value brings itself goes before what is said of all. */
export function wishesOf(
  accepted: readonly AcceptedValue[],
  common: Pick<WatchWish, 'note' | 'expiresAt'>,
): WatchWish[] {
  return accepted.map(({ observable, note, expiresAt }) => ({
    ...common,
    observable,
    ...(note !== undefined && { note }),
    ...(expiresAt !== undefined && { expiresAt }),
  }));
}
