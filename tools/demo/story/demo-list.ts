import { RECORDS_OF } from '#changes';
import type { CanonicalObservable } from '#observables';
import type { BulkResult, Watchlist } from '#watch';
import { DEPLOYMENT } from '#watching';
import type { ImportPreview } from '#watching';

import { findList, readPasted } from '../../cli/watching/naming.js';
import { valueOf } from '../../cli/watching/outcome.js';
import type { WatchingDesk } from '../../cli/watching/watching-desk.js';

import { DEMO_ACTOR } from './demo-desk.js';

/** The one list of the demo. */
export const DEMO_LIST = 'demo';

const SETTINGS = {
  name: DEMO_LIST,
  description: 'What the demo watches',
  enabled: true,
  refreshIntervalSeconds: 6 * 3_600,
  monthlyCallBudget: null,
};

/** Values as they were pasted, and what watching them will cost. */
export interface Import {
  readonly read: BulkResult;
  readonly preview: ImportPreview;
}

/** The list of an earlier run, whatever was tried on it since, or a new one. */
export async function demoList(
  desk: WatchingDesk,
): Promise<{ readonly list: Watchlist; readonly isNew: boolean }> {
  const kept = await findList(desk, DEMO_LIST);
  const list = valueOf(
    kept === undefined
      ? await desk.lists.create(SETTINGS, desk.actor)
      : await desk.lists.update(kept.id, SETTINGS),
  );
  return { list, isNew: kept === undefined };
}

/**
 * Takes what earlier runs put there off the list, before a worker runs: with the simulator it is
 * nobody's any more, and with a real key it would spend calls.
 */
export async function clearDemoList(desk: WatchingDesk): Promise<void> {
  const list = await findList(desk, DEMO_LIST);
  if (list === undefined) {
    return;
  }
  const left = [];
  for await (const { observable, addedBy } of desk.reader.all(list)) {
    if (addedBy === DEMO_ACTOR) {
      left.push(observable);
    }
  }
  valueOf(await desk.members.remove(list.id, left));
}

/** Reads pasted text, and says what it would cost to watch what is in it. */
export async function previewImport(
  desk: WatchingDesk,
  list: Watchlist,
  pasted: string,
): Promise<Import> {
  const read = await readPasted(desk, pasted);
  const observables = read.accepted.map(({ observable }) => observable);
  return { read, preview: await desk.plan.preview(desk.tenant, list, observables) };
}

/** Puts observables on the list, as if nothing had ever been known of them. */
export async function putOn(
  desk: WatchingDesk,
  list: Watchlist,
  observables: readonly CanonicalObservable[],
): Promise<void> {
  const { histories, members, actor } = desk;
  for (const observable of observables) {
    for (const recordType of RECORDS_OF[observable.type]) {
      // The simulator starts anew each time; what an earlier run saw of an address is no baseline.
      await histories.forget({ tenant: DEPLOYMENT, observable, recordType });
    }
  }
  const wishes = observables.map((observable) => ({ observable, note: 'from the demo' }));
  valueOf(await members.add(list.id, wishes, actor));
}
