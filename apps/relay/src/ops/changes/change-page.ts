import { cursorOf } from '#changes';
import type { ChangeFilter, StoredChange } from '#changes';
import { DEPLOYMENT } from '#watching';
import type { Watching } from '#watching';

import { connection } from '../schema/connection.js';
import type { Connection, PageWish } from '../schema/connection.js';

/** A page of changes, newest first. */
export async function changePage(
  { changes }: Watching,
  wish: PageWish,
  filter: ChangeFilter,
): Promise<Connection<StoredChange>> {
  const page = await changes.page({ tenant: DEPLOYMENT, filter, ...wish });
  return connection(wish, {
    items: page.changes,
    cursorOf,
    hasMore: page.hasMore,
    total: () => changes.count({ tenant: DEPLOYMENT, filter }),
  });
}
