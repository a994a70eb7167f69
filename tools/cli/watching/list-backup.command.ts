import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';

import { Command, Option } from 'commander';

import type { Restored } from '#watch';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';
import { fileFailure, readTextFile } from '../text-file.js';

import { listNamed } from './naming.js';
import { valueOf } from './outcome.js';
import { result } from './result.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';

interface ExportOptions {
  readonly format: 'json' | 'csv';
  readonly out?: string;
}

/** `lists export`: what `lists import` takes again, or one list as a table. */
export function exportCommand(edges: CliEdges): Command {
  return new Command('export')
    .description('all lists, or those named, as JSON that lists import takes; one list as CSV')
    .argument('[lists...]', 'names or ids')
    .addOption(new Option('--format <format>').choices(['json', 'csv']).default('json'))
    .option('--out <file>', 'write to a file, which is replaced when all is written')
    .action(async (names: string[], { format, out }: ExportOptions) => {
      await atDesk(edges, async (desk) => {
        const pieces = format === 'csv' ? await csvOf(desk, names) : await jsonOf(desk, names);
        if (out !== undefined) {
          await writePieces(out, pieces);
          return;
        }
        for await (const piece of pieces) {
          await edges.write(piece);
        }
      });
    });
}

/** `lists import`: brings in what an export holds; nothing is removed. */
export function importCommand(edges: CliEdges): Command {
  return new Command('import')
    .description('bring lists in from an export; a list that is there takes over its settings')
    .argument('<file>', 'an export in JSON, or - for piped input')
    .option('--json', 'for scripts')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const content = file === '-' ? await text(edges.stdin) : await readTextFile(file);
      await atDesk(edges, async (desk) => {
        const restored = valueOf(await desk.backup.import(content, desk.actor));
        result(edges, json, restored, () => [restoredText(restored)]);
      });
    });
}

async function jsonOf(
  desk: WatchingDesk,
  names: readonly string[],
): Promise<AsyncIterable<string>> {
  const lists = await Promise.all(names.map((name) => listNamed(desk, name)));
  return desk.backup.exportJson(names.length === 0 ? undefined : lists);
}

async function csvOf(desk: WatchingDesk, names: readonly string[]): Promise<AsyncIterable<string>> {
  const [name, another] = names;
  if (name === undefined || another !== undefined) {
    throw new CliFailure('bad-option', '--format csv takes exactly one list');
  }
  return desk.backup.exportCsv(await listNamed(desk, name));
}

/** An export that breaks off leaves the file of before. */
async function writePieces(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const partial = `${file}.partial`;
  try {
    await pipeline(pieces, createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw fileFailure('write', file, error) ?? error;
  }
}

function restoredText(restored: Restored): string {
  const { listsCreated, listsUpdated, observablesAdded, alreadyWatched } = restored;
  return [
    `lists: ${listsCreated} created, ${listsUpdated} updated`,
    `observables: ${observablesAdded} added, ${alreadyWatched} there already`,
  ].join('; ');
}
