import type { CanonicalObservable } from '#observables';
import { readBulkText } from '#watch';
import type { BulkResult, Watchlist } from '#watch';

import { CliFailure } from '../cli-failure.js';

import { minuteText } from './terminal-text.js';
import type { WatchingDesk } from './watching-desk.js';

const ALL = { first: Number.MAX_SAFE_INTEGER };

export async function allLists({ lists }: WatchingDesk): Promise<readonly Watchlist[]> {
  return (await lists.page(ALL)).items;
}

/**
 * The list that an operator means: by its id, else by its name without regard to case.
 *
 * @throws CliFailure `not-found`.
 */
export async function listNamed(desk: WatchingDesk, text: string): Promise<Watchlist> {
  const list = await findList(desk, text);
  if (list === undefined) {
    throw new CliFailure('not-found', `NOT_FOUND: no watchlist has the name or id ${text}`);
  }
  return list;
}

export async function findList(desk: WatchingDesk, text: string): Promise<Watchlist | undefined> {
  const byId = await desk.lists.find(text);
  if (byId !== undefined) {
    return byId;
  }
  const name = text.trim();
  const { items } = await desk.lists.page(ALL, { nameContains: name });
  return items.find((list) => folded(list.name) === folded(name));
}

/** The names of lists by their ids; one that is gone keeps its id. */
export async function namesOf(
  { lists }: WatchingDesk,
  ids: Iterable<string>,
): Promise<(id: string) => string> {
  const once = [...new Set(ids)];
  const found = await lists.findMany(once);
  const names = new Map(once.map((id, index) => [id, found[index]?.name ?? id]));
  return (id) => names.get(id) ?? id;
}

/** Text as people paste it. Other work goes on meanwhile. */
export async function readPasted(desk: WatchingDesk, text: string): Promise<BulkResult> {
  return readBulkText(text, {
    now: desk.edges.now(),
    limit: desk.limits.observablesPerList,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    elapsed: () => performance.now(),
  });
}

/**
 * The one observable that a text is, defanged or not.
 *
 * @throws CliFailure `bad-option` for a text that is none, or several.
 */
export async function observableNamed(
  desk: WatchingDesk,
  text: string,
): Promise<CanonicalObservable> {
  const { accepted, rejected } = await readPasted(desk, text);
  const [one, another] = accepted;
  if (one === undefined || another !== undefined || rejected.length > 0) {
    const reason = rejected[0]?.reason ?? 'not exactly one value';
    throw new CliFailure('bad-option', `${text} is no observable: ${reason}`);
  }
  return one.observable;
}

/**
 * The observables that several words are.
 *
 * @throws CliFailure `bad-option` with a line for each word that is none.
 */
export async function observablesNamed(
  desk: WatchingDesk,
  words: readonly string[],
): Promise<CanonicalObservable[]> {
  const { accepted, rejected } = await readPasted(desk, words.join('\n'));
  if (rejected.length > 0) {
    const lines = rejected.map(({ value, reason }) => `${value} is no observable: ${reason}`);
    throw new CliFailure('bad-option', lines.join('\n'));
  }
  return accepted.map(({ observable }) => observable);
}

/** As it is written in results. */
export function observableText({ type, value }: CanonicalObservable): string {
  return `${type}:${value}`;
}

/**
 * An instant as an operator gives it: a day or RFC 3339, UTC unless it says so.
 *
 * @throws CliFailure `bad-option`.
 */
export function instantNamed(name: string, text: string): number {
  const at = isDay(text.slice(0, 10)) ? Date.parse(zoned(text)) : Number.NaN;
  if (Number.isNaN(at)) {
    const example = minuteText(0).replace('1970', '2027');
    throw new CliFailure('bad-option', `${name}: give a day or an instant, such as ${example}`);
  }
  return at;
}

/** Of the calendar: `Date` takes the 31st of February for the 3rd of March. */
function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function zoned(text: string): string {
  const iso = text.trim().replace(' ', 'T');
  return !iso.includes('T') || /(?:z|[+-]\d{2}:?\d{2})$/i.test(iso) ? iso : `${iso}Z`;
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
