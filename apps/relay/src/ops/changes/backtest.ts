import { cursorOf, RECORDS_OF } from '#changes';
import type { Change, StoredChange, Subject } from '#changes';
import type { Watchlist } from '#watch';
import { DEPLOYMENT } from '#watching';
import type { Watching } from '#watching';

import { connection } from '../schema/connection.js';
import type { BacktestObject } from './change.object-type.js';

/** Changes given; all are counted. */
const SHOWN = 100;

/** What a list would have raised since a day, from what is held: no upstream call. */
export async function backtestOf(
  watching: Watching,
  list: Watchlist,
  since: string,
): Promise<BacktestObject> {
  const subjects = await subjectsOf(watching, list);
  const found = await watching.histories.backtest({
    subjects,
    since,
    most: SHOWN,
  });
  const total = found.byObservable.reduce(
    (sum, { added, ended, returned }) => sum + added + ended + returned,
    0,
  );
  const changes = connection<StoredChange>(
    { first: SHOWN },
    {
      items: found.changes.map(unseen),
      cursorOf,
      hasMore: total > found.changes.length,
      total,
    },
  );
  return { since, changes, byObservable: found.byObservable, notHeld: found.notHeld };
}

async function subjectsOf({ reader }: Watching, list: Watchlist): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for await (const { observable } of reader.all(list)) {
    subjects.push(
      ...RECORDS_OF[observable.type].map((recordType) => ({
        tenant: DEPLOYMENT,
        observable,
        recordType,
      })),
    );
  }
  return subjects;
}

/** Nobody took note of what was never raised. */
function unseen(change: Change): StoredChange {
  return { ...change, acknowledgedAt: null, acknowledgedBy: null };
}
