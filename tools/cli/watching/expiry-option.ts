import { parseExpiry } from '#watch';

import { CliFailure } from '../cli-failure.js';

/**
 * When something expires, as an operator gives it; null for `never`.
 *
 * @throws CliFailure `bad-option`.
 */
export function expiryNamed(text: string, now: number): number | null {
  if (text === 'never') {
    return null;
  }
  const at = parseExpiry(text, now);
  if (at === undefined) {
    throw new CliFailure('bad-option', '--expires: give a day such as 2027-01-31, 30d, or never');
  }
  return at;
}
