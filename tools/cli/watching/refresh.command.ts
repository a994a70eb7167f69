import { Command } from 'commander';

import type { CliEdges } from '../cli-edges.js';

import { findList, observableNamed } from './naming.js';
import { result } from './result.js';
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
          ? desk.refreshNow.refreshObservable(await observableNamed(desk, target))
          : desk.refreshNow.refreshWatchlist(list));
        result(edges, json, asked, () => [
          `${list?.name ?? target}: ${asked.enqueued} to be refreshed, ${asked.alreadyQueued} were already`,
        ]);
        await remarkIdleness(desk);
      });
    });
}
