import { heldEntry } from '#enrichment';
import type { HeldAnswers } from '#enrichment';
import { canonicalise } from '#observables';
import type { CanonicalObservable } from '#observables';
import type { Watching } from '#watching';

import type { Connection, PageWish } from '../schema/connection.js';
import { connection, pageOf } from '../schema/connection.js';
import type { Given } from '../schema/given.js';
import { given } from '../schema/given.js';
import { userError } from '../schema/user-error.object-type.js';
import { cacheEntry } from './cache-entry.object-type.js';
import type {
  CacheEntryFilter,
  CacheEntryObject,
  InvalidateCacheInput,
  InvalidateCachePayload,
} from './cache-entry.object-type.js';

interface Held {
  readonly held: HeldAnswers;
  readonly tenant: string;
}

/** Looked at in one step, when a state is sought. */
const STEP = 100;

/** A page of what is held, by type and value. The keys of the whole store are read for it. */
export async function cachePage(
  { held, tenant }: Held,
  wish: PageWish,
  filter: Given<CacheEntryFilter>,
): Promise<Connection<CacheEntryObject>> {
  const all = (await held.observables(tenant)).filter((one) => passes(one, filter));
  const sorted = all.sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  if (filter.state === undefined) {
    const page = pageOf(wish, sorted, placeOf);
    const entries = await entriesOf({ held, tenant }, page.nodes);
    return connection(wish, {
      items: entries,
      cursorOf: (entry) => Buffer.from(placeOf(entry)).toString('base64url'),
      hasMore: page.pageInfo.hasNextPage,
      total: sorted.length,
    });
  }
  const entries: CacheEntryObject[] = [];
  for (let from = 0; from < sorted.length; from += STEP) {
    const step = await entriesOf({ held, tenant }, sorted.slice(from, from + STEP));
    entries.push(...step.filter(({ state }) => state === filter.state));
  }
  return pageOf(wish, entries, placeOf);
}

async function entriesOf(
  { held, tenant }: Held,
  observables: readonly CanonicalObservable[],
): Promise<CacheEntryObject[]> {
  const holdings = await held.of(tenant, observables);
  return holdings.flatMap((holding) => {
    const entry = heldEntry(holding);
    return entry === undefined ? [] : [cacheEntry(entry)];
  });
}

function passes(
  { type, value }: CanonicalObservable,
  filter: Pick<Given<CacheEntryFilter>, 'type' | 'valueContains'>,
): boolean {
  const text = (filter.valueContains ?? '').trim().toLowerCase();
  return (filter.type === undefined || filter.type === type) && value.includes(text);
}

function placeOf({ type, value }: CanonicalObservable): string {
  return `${type}:${value}`;
}

/** Forgets what is held: about one observable, a list, or all. */
export async function invalidate(
  held: HeldAnswers,
  watching: Watching,
  input: InvalidateCacheInput,
): Promise<InvalidateCachePayload> {
  const { observable: one, watchlistId, all } = given(input);
  const asked = [one, watchlistId, all === true ? all : undefined].filter(
    (way) => way !== undefined,
  );
  if (asked.length !== 1) {
    return refused('INVALID', [], 'give exactly one of observable, watchlistId and all: true');
  }
  if (one !== undefined) {
    const observable = canonicalise(one.type, one.value);
    return observable === undefined
      ? refused('INVALID', ['observable', 'value'], 'the value cannot be one of its type')
      : done(await held.forget(watching.tenant, [observable]));
  }
  return watchlistId === undefined
    ? done(await held.forget(watching.tenant, await held.observables(watching.tenant)))
    : invalidateList(held, watching, watchlistId);
}

async function invalidateList(
  held: HeldAnswers,
  { lists, reader, tenant }: Watching,
  id: string,
): Promise<InvalidateCachePayload> {
  const list = await lists.find(id);
  if (list === undefined) {
    return refused('NOT_FOUND', ['watchlistId'], 'watchlistId is not there');
  }
  const observables: CanonicalObservable[] = [];
  for await (const { observable } of reader.all(list)) {
    observables.push(observable);
  }
  return done(await held.forget(tenant, observables));
}

function done(invalidated: number): InvalidateCachePayload {
  return { invalidated, userErrors: [] };
}

function refused(...fault: Parameters<typeof userError>): InvalidateCachePayload {
  return { invalidated: 0, userErrors: [userError(...fault)] };
}
