import { validateEntityMap } from '#ctim';
import type { Observable, Sighting } from '#ctim';

import { API_KEY, post, token } from './relay-stack.js';

export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly type: string;
}

/** The answer to an observe call, taken apart. */
export interface ObserveAnswer {
  readonly docs: readonly Sighting[];
  readonly errors: readonly ToldError[];
  /** As it came. */
  readonly body: object;
}

interface ObserveBody {
  readonly data?: { readonly sightings?: { readonly docs: readonly Sighting[] } };
  readonly errors?: readonly ToldError[];
}

/** Observables of one type, by their values. */
export function asDomains(...values: readonly string[]): Observable[] {
  return values.map((value) => ({ type: 'domain', value }));
}

export function asIps(...values: readonly string[]): Observable[] {
  return values.map((value) => ({ type: 'ip', value }));
}

/**
 * Asks about observables with an HS256 token of these claims. Rejects when the answer breaks the
 * envelope of relay-protocol 1.4 or its sightings break CTIM, whatever the call is about.
 */
export async function observe(
  url: string,
  observables: readonly Observable[],
  claims: object = {},
): Promise<ObserveAnswer> {
  const headers = { authorization: `Bearer ${token({ key: API_KEY, ...claims })}` };
  const answer = await post(url, '/observe/observables', observables, headers);
  const body = answer.json as ObserveBody;
  const faults = [
    ...(answer.status === 200 ? [] : [`HTTP ${answer.status}`]),
    ...Object.keys(body).filter((key) => key !== 'data' && key !== 'errors'),
    ...(body.errors ?? []).filter((error) => !isToldError(error)),
    ...validateEntityMap(body.data ?? {}, { askedObservables: observables }),
  ];
  if (faults.length > 0) {
    throw new Error(`A broken answer: ${JSON.stringify(faults)} in ${answer.text.slice(0, 500)}`);
  }
  return { docs: body.data?.sightings?.docs ?? [], errors: body.errors ?? [], body };
}

/** Code, message and type, and nothing else (relay-protocol 0.5). */
function isToldError(error: object): boolean {
  const types = ['fatal', 'warning', 'error'];
  return (
    Object.keys(error).sort().join() === 'code,message,type' &&
    'type' in error &&
    types.includes(String(error.type))
  );
}
