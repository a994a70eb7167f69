import { canonicalise } from '#observables';
import type { CanonicalObservable, ObservableType } from '#observables';

/**
 * An observable as one text. The type leads, so one type is one range of the keys in order, and
 * no key holds a space, so text can follow after one.
 */
export type ObservableKey = string;

const LETTERS: Readonly<Record<ObservableType, string>> = { ip: '4', ipv6: '6', domain: 'd' };
const TYPES: ReadonlyMap<string, ObservableType> = new Map([
  ['4', 'ip'],
  ['6', 'ipv6'],
  ['d', 'domain'],
]);

export function keyOf({ type, value }: CanonicalObservable): ObservableKey {
  return `${LETTERS[type]}:${value}`;
}

/** What all keys of a type begin with. */
export function keyPrefix(type: ObservableType): string {
  return `${LETTERS[type]}:`;
}

/** The observable of a key that {@link keyOf} made; undefined for any other text. */
export function observableOf(key: ObservableKey): CanonicalObservable | undefined {
  const type = key[1] === ':' ? TYPES.get(key[0] ?? '') : undefined;
  return type && { type, value: key.slice(2) };
}

/** The id of an observable on a list; it tells both, so finding it needs no index. */
export function watchedId(listId: string, key: ObservableKey): string {
  return `wo_${listId.slice(3)}.${Buffer.from(key).toString('base64url')}`;
}

const WATCHED_ID = /^wo_([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{1,400})$/;

/** Where a {@link watchedId} points; undefined for a text that is none. */
export function parseWatchedId(
  id: string,
): { readonly listId: string; readonly key: ObservableKey } | undefined {
  const [, list, encoded] = WATCHED_ID.exec(id) ?? [];
  if (list === undefined || encoded === undefined) {
    return undefined;
  }
  const key = Buffer.from(encoded, 'base64url').toString();
  const observable = observableOf(key);
  const canonical = observable && canonicalise(observable.type, observable.value);
  const listId = `wl_${list}`;
  return canonical !== undefined && keyOf(canonical) === key && watchedId(listId, key) === id
    ? { listId, key }
    : undefined;
}
