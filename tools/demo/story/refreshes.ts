import { setTimeout as pause } from 'node:timers/promises';

import type { StoredChange } from '#changes';
import type { CanonicalObservable } from '#observables';
import type { Watchlist } from '#watch';
import { DEPLOYMENT } from '#watching';

import type { WatchingDesk } from '../../cli/watching/watching-desk.js';
import { DemoFailure } from '../demo-failure.js';

const LOOK_EVERY_MS = 100;
const LIMIT_MS = 60_000;
const MOST_CHANGES = 100;

/**
 * Waits until something holds.
 *
 * @param what in words, for the failure
 * @throws DemoFailure `story-failed` after a minute; AbortError when the signal says so.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  if (!(await comesTrue(holds, LIMIT_MS, signal))) {
    throw new DemoFailure('story-failed', `after ${LIMIT_MS / 1_000} s ${what}`, 'worker');
  }
}

/** Whether something holds within so many milliseconds. */
export async function comesTrue(
  holds: () => Promise<boolean>,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      return false;
    }
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  return true;
}

/** Waits until all of some watched observables have been fetched and are not due. */
export async function untilFresh(
  { reader }: WatchingDesk,
  observables: readonly CanonicalObservable[],
  signal: AbortSignal,
): Promise<void> {
  const areFresh = async (): Promise<boolean> => {
    const places = (await reader.watchedBy(observables)).flat();
    return places.every(({ state }) => state === 'FRESH');
  };
  await until('what was put on the list is not fetched', areFresh, signal);
}

/** Has observables refreshed now, by the worker, and waits for it. */
export async function refreshed(
  { reader, refreshNow, edges }: WatchingDesk,
  observables: readonly CanonicalObservable[],
  signal: AbortSignal,
): Promise<void> {
  const asked = edges.now();
  for (const observable of observables) {
    await refreshNow.refreshObservable(observable);
  }
  const isDone = async (): Promise<boolean> => {
    const places = (await reader.watchedBy(observables)).flat();
    return places.every(
      ({ state, lastRefreshedAt }) => state === 'FRESH' && (lastRefreshedAt ?? 0) >= asked,
    );
  };
  await until('what was to be refreshed is not', isDone, signal);
}

/** The changes of a list since the story began, each told once. */
export class ChangeTeller {
  readonly #desk: WatchingDesk;
  readonly #filter: { readonly watchlistId: string; readonly since: number };
  readonly #told = new Set<string>();

  constructor(desk: WatchingDesk, list: Watchlist) {
    this.#desk = desk;
    this.#filter = { watchlistId: list.id, since: desk.edges.now() };
  }

  /** What is new since the last call, oldest first. */
  async news(): Promise<readonly StoredChange[]> {
    const { changes } = this.#desk;
    const page = await changes.page({
      tenant: DEPLOYMENT,
      filter: this.#filter,
      first: MOST_CHANGES,
    });
    const news = page.changes.filter(({ id }) => !this.#told.has(id)).reverse();
    news.forEach(({ id }) => this.#told.add(id));
    return news;
  }

  /** The same, once there is any. @throws as {@link until}. */
  async awaited(signal: AbortSignal): Promise<readonly StoredChange[]> {
    let news: readonly StoredChange[] = [];
    const hasCome = async (): Promise<boolean> => {
      news = await this.news();
      return news.length > 0;
    };
    await until('no change is found', hasCome, signal);
    return news;
  }
}
