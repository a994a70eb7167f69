import { Command } from 'commander';

import type { Watchlist } from '#watch';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';

import { agrees } from './agreement.js';
import type { SettingsOptions } from './list-settings.js';
import { settingsOf, withSettings } from './list-settings.js';
import { listJson, viewsOf } from './list-view.js';
import { listNamed } from './naming.js';
import { valueOf } from './outcome.js';
import { result } from './result.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';

interface EditOptions extends SettingsOptions {
  readonly json?: boolean;
  readonly name?: string;
}

export function createCommand(edges: CliEdges): Command {
  return withSettings(new Command('create'))
    .description('make a list')
    .argument('<name>', 'unique, without regard to case')
    .option('--json', 'for scripts')
    .action(async (name: string, options: EditOptions) => {
      await atDesk(edges, async (desk) => {
        const draft = { name, ...settingsOf(options) };
        const list = valueOf(await desk.lists.create(draft, desk.actor));
        await tell(desk, list, { did: 'created', json: options.json });
      });
    });
}

export function setCommand(edges: CliEdges): Command {
  return withSettings(new Command('set'))
    .description('change settings of a list')
    .argument('<list>', 'its name or id')
    .option('--name <name>', 'its new name')
    .option('--json', 'for scripts')
    .action(async (named: string, options: EditOptions) => {
      const { name } = options;
      const patch = { ...settingsOf(options), ...(name !== undefined && { name }) };
      if (Object.keys(patch).length === 0) {
        throw new CliFailure('bad-option', 'nothing to set: see lists set --help');
      }
      await atDesk(edges, async (desk) => {
        const { id } = await listNamed(desk, named);
        const list = valueOf(await desk.lists.update(id, patch));
        await tell(desk, list, { did: 'changed', json: options.json });
      });
    });
}

export function deleteCommand(edges: CliEdges): Command {
  return new Command('delete')
    .description('delete a list; its observables stay on the others they are on')
    .argument('<list>', 'its name or id')
    .option('--yes', 'without asking')
    .option('--json', 'for scripts')
    .action(async (named: string, { yes, json }: { yes?: boolean; json?: boolean }) => {
      await atDesk(edges, async (desk) => {
        const list = await listNamed(desk, named);
        const count = await desk.reader.count(list);
        const question = `Delete ${list.name} with ${count} observables?`;
        if (yes !== true && !(await agrees(question, edges))) {
          throw new CliFailure('refused', 'nothing was deleted');
        }
        const deletedId = valueOf(await desk.lists.delete(list.id));
        result(edges, json, { deletedId }, () => [`deleted ${list.name}, ${count} observables`]);
      });
    });
}

async function tell(
  desk: WatchingDesk,
  list: Watchlist,
  { did, json }: { readonly did: string; readonly json: boolean | undefined },
): Promise<void> {
  const [view] = await viewsOf(desk, [list]);
  if (view !== undefined) {
    result(desk.edges, json, listJson(view), () => [`${did} ${list.name} (${list.id})`]);
  }
}
