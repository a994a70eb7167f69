import { Command } from 'commander';

import type { CliEdges } from '../cli-edges.js';

import { exportCommand, importCommand } from './list-backup.command.js';
import { createCommand, deleteCommand, setCommand } from './list-edit.command.js';
import { listFields, listJson, listTable, viewsOf } from './list-view.js';
import { allLists, listNamed } from './naming.js';
import { result } from './result.js';
import { atDesk } from './watching-desk.js';

/** `lists` and what can be done with them. */
export function listsCommand(edges: CliEdges): Command {
  const command = new Command('lists')
    .description('watchlists: all of them, or what the subcommand does')
    .enablePositionalOptions()
    .option('--json', 'for scripts')
    .action(async ({ json }: { json?: boolean }) => {
      await atDesk(edges, async (desk) => {
        const views = await viewsOf(desk, await allLists(desk));
        const document = { watchlists: views.map(listJson) };
        result(edges, json, document, () => listTable(views));
      });
    });
  return [
    showCommand(edges),
    createCommand(edges),
    setCommand(edges),
    deleteCommand(edges),
    exportCommand(edges),
    importCommand(edges),
  ].reduce((parent, child) => parent.addCommand(child), command);
}

function showCommand(edges: CliEdges): Command {
  return new Command('show')
    .description('one list, its settings and its counts')
    .argument('<list>', 'its name or id')
    .option('--json', 'for scripts')
    .action(async (name: string, { json }: { json?: boolean }) => {
      await atDesk(edges, async (desk) => {
        const [view] = await viewsOf(desk, [await listNamed(desk, name)]);
        if (view !== undefined) {
          result(edges, json, listJson(view), () => listFields(view));
        }
      });
    });
}
