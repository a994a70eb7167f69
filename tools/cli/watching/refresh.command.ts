import { Command } from 'commander';

import type { CanonicalObservable } from '#observables';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';

import { findList, observableNamed } from './naming.js';
import { result } from './result.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';
import { remarkIdleness } from './work-view.js';

/** `refresh`: asks upstream now, for a whole list or for one value, watched or not. */
export function refreshCommand(edges: CliEdges): Command {
  return new Command('refresh')
    .description('have a list, or one value, refreshed now; the worker does it')
    .argument('<list|value>', 'the name or id of a list, else a domain or an address')
    .option('--json', 'for scripts')
    .action(async (target: string, { json }: { json?: boolean }) => {
      await atDesk(edges, async (desk) => {
        const list = await findList(desk, target);
        const asked = await (list === undefined
          ? desk.refreshNow.refreshObservable(await valueNamed(desk, target))
          : desk.refreshNow.refreshWatchlist(list));
        result(edges, json, asked, () => [
          `${list?.name ?? target}: ${asked.enqueued} to be refreshed, ${asked.alreadyQueued} were already`,
        ]);
        await remarkIdleness(desk);
      });
    });
}

/** @throws CliFailure `not-found` for what is neither a list nor a value. */
async function valueNamed(desk: WatchingDesk, target: string): Promise<CanonicalObservable> {
  try {
    return await observableNamed(desk, target);
  } catch (error) {
    if (error instanceof CliFailure) {
      const reason = `no watchlist has the name or id ${target}, and it is no domain or address`;
      throw new CliFailure('not-found', `NOT_FOUND: ${reason}`);
    }
    throw error;
  }
}
