import type { Outcome, WatchFault } from '#watch';

import { CliFailure } from '../cli-failure.js';

/** A wrong expiry is one of each observable that was given. */
const MOST_LINES = 100;

/**
 * The value of what an operator asked for.
 *
 * @throws CliFailure `not-found`, else `refused`: a line for each fault, with its field and reason.
 */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) {
    return outcome.value;
  }
  const isMissing = outcome.faults.some(({ code }) => code === 'NOT_FOUND');
  const lines = outcome.faults.slice(0, MOST_LINES).map(faultText);
  if (outcome.faults.length > MOST_LINES) {
    lines.push(`and ${outcome.faults.length - MOST_LINES} more`);
  }
  throw new CliFailure(isMissing ? 'not-found' : 'refused', lines.join('\n'));
}

function faultText({ field, code, message }: WatchFault): string {
  return `${code}: ${[field.join('.'), message].filter((part) => part !== '').join(' ')}`;
}
