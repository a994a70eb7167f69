import type { EndpointName } from './endpoints.js';
import { InvalidNameError } from './errors.js';

/**
 * A template tag for paths below the base URL: every inserted value becomes exactly one segment.
 * Observables are text of an attacker's choice, so `/`, `?`, `#` and `%` are encoded; what cannot be
 * made harmless by encoding (empty, `.`, `..`, lone surrogates) is refused.
 *
 * @throws InvalidNameError naming the endpoint, before anything is sent.
 */
export function pathOf(endpoint: EndpointName) {
  return (literals: TemplateStringsArray, ...values: readonly string[]): string =>
    literals.reduce((path, literal, i) => path + segment(endpoint, values[i - 1] ?? '') + literal);
}

function segment(endpoint: EndpointName, value: string): string {
  if (value === '' || value === '.' || value === '..' || !value.isWellFormed()) {
    throw new InvalidNameError({ endpoint });
  }
  return encodeURIComponent(value);
}
