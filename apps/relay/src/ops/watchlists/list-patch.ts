import type { ListSettings } from '#watch';

import { userError } from '../schema/user-error.object-type.js';
import type { UserErrorObject } from '../schema/user-error.object-type.js';
import type { UpdateWatchlistInput } from './watchlist-input.object-type.js';

const MAY_BE_NULL: readonly string[] = ['description', 'monthlyCallBudget'];

/** What a change of a list sets; what is absent is left out. */
export function patchOf(input: UpdateWatchlistInput): Partial<ListSettings> {
  const fields: readonly (readonly [string, unknown])[] = Object.entries(input);
  return Object.fromEntries(fields.filter(([name, value]) => name !== 'id' && value !== undefined));
}

/** Fields that were set to null and cannot be. */
export function nullFaults(
  input: object,
  mayBeNull: readonly string[] = MAY_BE_NULL,
): UserErrorObject[] {
  return Object.entries(input)
    .filter(([name, value]) => value === null && !mayBeNull.includes(name))
    .map(([name]) => userError('INVALID', [name], `${name} cannot be null`));
}
