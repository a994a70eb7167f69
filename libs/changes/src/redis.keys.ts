import type { CanonicalObservable } from '#observables';

import type { Subject } from './subject.js';

/** One hash tag for all: a script may touch many keys, also in a cluster. */
const PREFIX = '{st}:c';

/** What all keys of a tenant begin with; the scripts append to it as this file does. */
export function baseKey(tenant: string): string {
  return `${PREFIX}:${tenant}`;
}

/** The known history of a subject. */
export function historyKey({ tenant, observable, recordType }: Subject): string {
  return `${baseKey(tenant)}:k:${observable.type}:${recordType}:${observable.value}`;
}

/** Places of all changes. */
export function allKey(tenant: string): string {
  return `${baseKey(tenant)}:all`;
}

/** Places of the changes of one list. */
export function listKey(tenant: string, watchlistId: string): string {
  return `${baseKey(tenant)}:l:${watchlistId}`;
}

/** Places of the changes of one observable. */
export function observableKey(tenant: string, { type, value }: CanonicalObservable): string {
  return `${baseKey(tenant)}:o:${type}:${value}`;
}

/** The changes by id. */
export function bodiesKey(tenant: string): string {
  return `${baseKey(tenant)}:body`;
}

/** Acknowledgements by the change's id. */
export function acknowledgedKey(tenant: string): string {
  return `${baseKey(tenant)}:ack`;
}
