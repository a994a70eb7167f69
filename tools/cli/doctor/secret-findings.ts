import type { AuthConfig } from '#platform';

import { isLongEnough, MINIMUM_BYTES } from '../secret-input.js';

import type { Finding } from './finding.js';

/** Whether a short secret lets whoever holds one token find it out by trying; of no secret, nothing. */
export function secretFindings({ secretKey }: Pick<AuthConfig, 'secretKey'>): Finding[] {
  const name = 'SECRET_KEY';
  if (secretKey === undefined) {
    return [];
  }
  if (isLongEnough(secretKey)) {
    return [{ level: 'ok', name, text: `${MINIMUM_BYTES} bytes or more` }];
  }
  const text = `shorter than ${MINIMUM_BYTES} bytes: it can be guessed from one token`;
  const remedy = 'make a new one and new tokens with the command token';
  return [{ level: 'warn', name, text, remedy }];
}
