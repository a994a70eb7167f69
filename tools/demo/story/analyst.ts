import { setTimeout as pause } from 'node:timers/promises';

import type { CanonicalObservable } from '#observables';

import type { WatchingDesk } from '../../cli/watching/watching-desk.js';
import type { RelayCallResult } from '../relay-calls.js';
import { callsAbout, perform } from '../relay-calls.js';

import { until } from './refreshes.js';

/** An analyst at the relay, and what is wanted. */
export interface Analyst {
  readonly relay: { readonly url: string; readonly token: string };
  /** Reads the number of calls made upstream. */
  readonly upstream: () => Promise<number>;
  readonly observable: CanonicalObservable;
  readonly signal: AbortSignal;
}

/** The longest freshness that ends while somebody waits in front of the screen. */
const PATIENCE_SECONDS = 30;

/** How long an answer is fresh, if it ends within the story; undefined otherwise. */
export function freshness(env: NodeJS.ProcessEnv): number | undefined {
  const seconds = Number(env['CACHE_FRESH_SECONDS']);
  return seconds >= 1 && seconds <= PATIENCE_SECONDS ? seconds : undefined;
}

/** Waits until what was fetched at the last refresh is no longer fresh. */
export async function untilStale(
  { reader, edges }: WatchingDesk,
  { observable, signal }: Analyst,
  freshSeconds: number,
): Promise<void> {
  const [places = []] = await reader.watchedBy([observable]);
  const fetchedAt = places[0]?.lastRefreshedAt ?? edges.now();
  const wait = fetchedAt + freshSeconds * 1_000 - edges.now();
  await pause(Math.max(0, wait), undefined, { signal });
}

/** What is served first. */
export async function askFirst(analyst: Analyst): Promise<RelayCallResult> {
  return ask(analyst, 0);
}

/** What is served once the refresh behind a stale answer is done, so the relay has heard of it. */
export async function askAgain(analyst: Analyst): Promise<RelayCallResult> {
  let result = await ask(analyst, 1);
  const isNew = async (): Promise<boolean> => {
    if (result.cache === 'stale') {
      result = await ask(analyst, 1);
    }
    return result.cache !== 'stale';
  };
  await until('the relay serves the stale answer still', isNew, analyst.signal);
  return result;
}

async function ask(
  { relay, upstream, observable }: Analyst,
  index: 0 | 1,
): Promise<RelayCallResult> {
  const call = callsAbout(observable.value)[index];
  if (call === undefined) {
    throw new TypeError('there is no such call');
  }
  return perform(call, relay, upstream);
}
