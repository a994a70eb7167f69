import { canonicalise } from '#observables';
import type { CanonicalObservable } from '#observables';
import { MAX_REJECTIONS, readBulkText, wishesOf } from '#watch';
import type { WatchedObservable, WatchFault, WatchWish } from '#watch';
import type { Watching } from '#watching';

import { userError, userErrors } from '../schema/user-error.object-type.js';
import type { UserErrorObject } from '../schema/user-error.object-type.js';
import type { AddObservablesInput, ImportObservablesInput } from './watchlist-input.object-type.js';
import type {
  AddObservablesPayload,
  RejectedValueObject,
} from './watchlist-payload.object-type.js';

/** What an operator wants watched, read but not saved. */
export interface Batch {
  readonly wishes: readonly WatchWish[];
  readonly rejected: readonly RejectedValueObject[];
  /** The place of each wish in the input; a text has no places. */
  readonly places?: readonly number[];
}

/** What came of a batch. */
export type Intake = Pick<AddObservablesPayload, keyof AddObservablesPayload>;

/** Most of a rejected value that is shown. */
const SHOWN = 200;

/** Observables one by one: what cannot be one is rejected, the others go on. */
export function batchOf({ observables }: AddObservablesInput): Batch {
  const wishes: WatchWish[] = [];
  const rejected: RejectedValueObject[] = [];
  const places: number[] = [];
  observables.forEach(({ type, value, note, expiresAt }, place) => {
    const observable = canonicalise(type, value);
    if (observable === undefined) {
      const reason = 'the value cannot be one of its type';
      rejected.push({ line: null, value: value.slice(0, SHOWN), reason });
    } else {
      wishes.push({ observable, note: note ?? null, expiresAt: expiresAt ?? null });
      places.push(place);
    }
  });
  return { wishes, rejected: rejected.slice(0, MAX_REJECTIONS), places };
}

/** Text as people paste it. Other work goes on meanwhile. */
export async function batchOfText(
  { text, note, expiresAt }: ImportObservablesInput,
  { limits }: Pick<Watching, 'limits'>,
  now: number,
): Promise<Batch> {
  const { accepted, rejected } = await readBulkText(text, {
    now,
    limit: limits.observablesPerList,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    elapsed: () => performance.now(),
  });
  const common = { note: note ?? null, expiresAt: expiresAt ?? null };
  return { wishes: wishesOf(accepted, common), rejected };
}

/** Shows what a batch would cost; nothing is saved. */
export async function previewBatch(
  { lists, plan, tenant }: Watching,
  listId: string,
  batch: Batch,
): Promise<Intake> {
  const list = await lists.find(listId);
  if (list === undefined) {
    return refusedAll(batch, [userError('NOT_FOUND', ['watchlistId'], 'watchlistId is not there')]);
  }
  const distinct = distinctOf(batch.wishes.map(({ observable }) => observable));
  const preview = await plan.preview(tenant, list, distinct);
  const { alreadyWatched } = preview;
  return { ...nothing(batch), watchlist: list, alreadyWatched, preview };
}

/** Puts a batch on a list, all of it or, for faults, nothing. */
export async function saveBatch(
  { lists, members, reader }: Watching,
  target: { readonly listId: string; readonly actor: string },
  batch: Batch,
): Promise<Intake> {
  const outcome = await members.add(target.listId, batch.wishes, target.actor);
  if (!outcome.ok) {
    return refusedAll(batch, userErrors(outcome.faults.map((fault) => inPlace(fault, batch))));
  }
  const { added, alreadyWatched } = outcome.value;
  const [list, places] = await Promise.all([lists.find(target.listId), placesOf(reader, added)]);
  return {
    ...nothing(batch),
    watchlist: list ?? null,
    added: places.filter(({ watchlistId }) => watchlistId === target.listId),
    alreadyWatched,
  };
}

const STEP = 500;

async function placesOf(
  reader: Watching['reader'],
  observables: readonly CanonicalObservable[],
): Promise<WatchedObservable[]> {
  const places: WatchedObservable[] = [];
  for (let from = 0; from < observables.length; from += STEP) {
    places.push(...(await reader.watchedBy(observables.slice(from, from + STEP))).flat());
  }
  return places;
}

/** A fault names the wish; the operator knows only the input. */
function inPlace(fault: WatchFault, { places }: Batch): WatchFault {
  const [head, index, ...rest] = fault.field;
  const place = places?.[Number(index)];
  return head === 'observables' && place !== undefined
    ? { ...fault, field: [head, String(place), ...rest] }
    : fault;
}

function distinctOf(observables: readonly CanonicalObservable[]): CanonicalObservable[] {
  return [...new Map(observables.map((one) => [`${one.type}:${one.value}`, one])).values()];
}

function nothing({ rejected }: Batch): Intake {
  return {
    watchlist: null,
    added: [],
    alreadyWatched: 0,
    rejected,
    preview: null,
    userErrors: [],
  };
}

function refusedAll(batch: Batch, faults: UserErrorObject[]): Intake {
  return { ...nothing(batch), userErrors: faults };
}
