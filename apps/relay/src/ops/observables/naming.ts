import { canonicalise } from '#observables';
import type { CanonicalObservable } from '#observables';

import { OpsError } from '../ops.errors.js';

/** @throws OpsError BAD_USER_INPUT for a value that cannot be of its type. */
export function observableNamed(type: string, value: string): CanonicalObservable {
  const observable = canonicalise(type, value);
  if (observable === undefined) {
    throw new OpsError('BAD_USER_INPUT', 'The value cannot be one of its type.');
  }
  return observable;
}
