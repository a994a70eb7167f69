import { Command, Option } from 'commander';

import { OBSERVABLE_TYPES } from '#observables';
import type { ObservableType } from '#observables';
import { WATCH_STATES } from '#watch';
import type { ObservableFilter, Watchlist, WatchState } from '#watch';

import type { CliEdges } from '../cli-edges.js';
import { parseCount } from '../option-values.js';

import { listNamed } from './naming.js';
import { addCommand } from './observable-add.command.js';
import {
  noteCommand,
  pauseCommand,
  removeCommand,
  resumeCommand,
} from './observable-edit.command.js';
import { watchedJson, watchedTable } from './observable-view.js';
import { result, say } from './result.js';
import { jsonLine } from './terminal-text.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';

interface PageOptions {
  readonly type?: ObservableType;
  readonly state?: WatchState;
  readonly text?: string;
  readonly first: number;
  readonly after?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Observables printed at once when all are wanted. */
const STRIDE = 1_000;

/** `observables`: those of a list, and what can be done with them. */
export function observablesCommand(edges: CliEdges): Command {
  const command = new Command('observables')
    .description('what a list watches; or what the subcommand does')
    .enablePositionalOptions()
    .argument('<list>', 'its name or id')
    .addOption(new Option('--type <type>').choices(OBSERVABLE_TYPES))
    .addOption(new Option('--state <state>').choices(WATCH_STATES))
    .option('--text <text>', 'only values that have it in them')
    .option('--first <count>', 'how many', parseCount, 50)
    .option('--after <cursor>', 'go on after an earlier page')
    .option('--all', 'all pages; with --json a line for each observable')
    .option('--json', 'for scripts')
    .action(async (name: string, options: PageOptions) => {
      await atDesk(edges, async (desk) => {
        const list = await listNamed(desk, name);
        await (options.all === true ? printAll : printPage)(desk, list, options);
      });
    });
  return [
    addCommand(edges),
    removeCommand(edges),
    noteCommand(edges),
    pauseCommand(edges),
    resumeCommand(edges),
  ].reduce((parent, child) => parent.addCommand(child), command);
}

async function printPage(
  { reader, edges }: WatchingDesk,
  list: Watchlist,
  options: PageOptions,
): Promise<void> {
  const { first, after, json } = options;
  const request = { first, ...(after !== undefined && { after }) };
  const { items, nextCursor } = await reader.page(list, request, filterOf(options));
  const document = { observables: items.map(watchedJson), nextCursor };
  result(edges, json, document, () => watchedTable(items));
  if (nextCursor !== null && json !== true) {
    edges.remark(`There are more: --after ${nextCursor}\n`);
  }
}

/** A bounded part at a time, however long the list. */
async function printAll(
  { reader, edges }: WatchingDesk,
  list: Watchlist,
  options: PageOptions,
): Promise<void> {
  let after = options.after;
  do {
    const request = { first: STRIDE, ...(after !== undefined && { after }) };
    const { items, nextCursor } = await reader.page(list, request, filterOf(options));
    if (options.json === true) {
      await edges.write(items.map((one) => `${jsonLine(watchedJson(one))}\n`).join(''));
    } else {
      say(edges, watchedTable(items).slice(after === options.after ? 0 : 1));
    }
    after = nextCursor ?? undefined;
  } while (after !== undefined);
}

function filterOf({ type, state, text }: PageOptions): ObservableFilter {
  return {
    ...(type !== undefined && { type }),
    ...(state !== undefined && { state }),
    ...(text !== undefined && { valueContains: text }),
  };
}
