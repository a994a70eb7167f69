import type { CanonicalObservable } from '#observables';
import type { Watchlist } from '#watch';

import type { WatchingDesk } from '../../cli/watching/watching-desk.js';

import { putOn } from './demo-list.js';
import { comesTrue, untilFresh } from './refreshes.js';

export interface FirstFetch {
  readonly list: Watchlist;
  readonly observables: readonly CanonicalObservable[];
  readonly signal: AbortSignal;
  /** Told of each as it is done. */
  readonly onDone: (observable: CanonicalObservable, done: number) => void;
}

/** What is told of the work comes a moment after it is done, or not at all. */
const TOLD_WITHIN_MS = 1_000;

/** Puts observables on a list, and follows their first fetch to its end. */
export async function fetchFirst(desk: WatchingDesk, fetch: FirstFetch): Promise<void> {
  const { list, observables, signal, onDone } = fetch;
  const left = new Set(observables.map(({ value }) => value));
  const end = await desk.progress.listen((event) => {
    if (event.kind === 'refresh' && event.state === 'DONE' && left.delete(event.observable.value)) {
      onDone(event.observable, observables.length - left.size);
    }
  });
  try {
    await putOn(desk, list, observables);
    await untilFresh(desk, observables, signal);
    await comesTrue(() => Promise.resolve(left.size === 0), TOLD_WITHIN_MS, signal);
  } finally {
    await end();
  }
}
