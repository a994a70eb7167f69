import type { Claims } from './bearer-token.js';

/** "All pages" and the most that any number buys: one call never spends more of a quota than this. */
const MAX_PAGES = 100;

const ALL = 0;
const INTEGER = /^\s*[+-]?\d+\s*$/;

/**
 * How many pages of one upstream query a call may read, from its own token's claims
 * (relay-protocol 3.4). The claims belong to the call: nothing is kept between calls.
 *
 * @returns 1..{@link MAX_PAGES}; 1 where the claims say nothing usable.
 */
export function pageLimit(claims: Claims): number {
  if (wantsAll(claims['GET_ALL_PAGES'])) {
    return MAX_PAGES;
  }
  const wanted = wholeNumber(claims['NUMBER_OF_PAGES']);
  if (wanted === undefined || wanted < 0) {
    return 1;
  }
  return wanted === ALL ? MAX_PAGES : Math.min(wanted, MAX_PAGES);
}

/** Whatever is present and does not spell "false" means yes, also 0, "" and null. */
function wantsAll(claim: unknown): boolean {
  const text = typeof claim === 'string' ? claim.toLowerCase() : claim;
  return text !== undefined && text !== false && text !== 'false';
}

/** Numbers lose their fraction and booleans count as 0 and 1; text must spell a whole number. */
function wholeNumber(claim: unknown): number | undefined {
  const isNumeric =
    typeof claim === 'number' ||
    typeof claim === 'boolean' ||
    (typeof claim === 'string' && INTEGER.test(claim));
  const number = isNumeric ? Math.trunc(Number(claim)) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}
