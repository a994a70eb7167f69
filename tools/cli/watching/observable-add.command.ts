import { text } from 'node:stream/consumers';

import { Command } from 'commander';

import { wishesOf } from '#watch';
import type { BulkResult, Watchlist, WatchWish } from '#watch';

import type { CliEdges } from '../cli-edges.js';
import { CliFailure } from '../cli-failure.js';
import { readTextFile } from '../text-file.js';

import { previewFields, previewJson } from './cost-view.js';
import { expiryNamed } from './expiry-option.js';
import { listNamed, readPasted } from './naming.js';
import { valueOf } from './outcome.js';
import { result, say } from './result.js';
import { table } from './table.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';

interface AddOptions {
  readonly file?: string;
  readonly note?: string;
  readonly expires?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `observables add`: values as people paste them, with their cost before they are saved. */
export function addCommand(edges: CliEdges): Command {
  return new Command('add')
    .description('watch values: domains and addresses, also defanged, in URLs, or as CSV')
    .argument('<list>', 'its name or id')
    .argument('[values...]')
    .option('--file <file>', 'read them from a file, or - for piped input')
    .option('--note <text>', 'why; for those that bring no note of their own')
    .option('--expires <when>', 'until then: a day, an instant, or a duration such as 30d')
    .option('--dry-run', 'only show what would be added and what it would cost')
    .option('--json', 'for scripts')
    .action(async (name: string, values: string[], options: AddOptions) => {
      const pasted = await pastedText(values, options, edges);
      await atDesk(edges, async (desk) => {
        const list = await listNamed(desk, name);
        await add(desk, list, { pasted, options });
      });
    });
}

async function pastedText(
  values: readonly string[],
  { file }: AddOptions,
  edges: CliEdges,
): Promise<string> {
  if (values.length > 0 && file !== undefined) {
    throw new CliFailure('bad-option', 'give values or --file, not both');
  }
  if (file !== undefined) {
    return file === '-' ? text(edges.stdin) : readTextFile(file);
  }
  if (values.length === 0) {
    throw new CliFailure('bad-option', 'give values, --file FILE, or --file - for piped input');
  }
  return values.join('\n');
}

async function add(
  desk: WatchingDesk,
  list: Watchlist,
  { pasted, options }: { readonly pasted: string; readonly options: AddOptions },
): Promise<void> {
  const { edges, members, actor, tenant } = desk;
  const { dryRun = false, json = false } = options;
  const read = await readPasted(desk, pasted);
  const wishes = wishesOf(read.accepted, commonOf(options, edges.now()));
  const observables = wishes.map(({ observable }) => observable);
  const preview = await desk.plan.preview(tenant, list, observables);
  if (!json) {
    say(edges, [...rejectionLines(read), ...previewFields(preview, read, list), '']);
  }
  const added = dryRun ? undefined : valueOf(await members.add(list.id, wishes, actor));
  const document = {
    watchlist: { id: list.id, name: list.name },
    dryRun,
    added: added?.added.length ?? 0,
    alreadyWatched: preview.alreadyWatched,
    duplicates: read.duplicates,
    rejectedCount: read.rejectedCount,
    rejected: read.rejected,
    preview: previewJson(preview),
  };
  result(edges, json, document, () => [
    added === undefined
      ? 'nothing was saved (--dry-run)'
      : `added ${added.added.length} to ${list.name}; ${added.alreadyWatched} were on it already`,
  ]);
  if (wishes.length === 0) {
    throw new CliFailure('refused', 'INVALID: no value could be read');
  }
}

function commonOf(
  { note, expires }: AddOptions,
  now: number,
): Pick<WatchWish, 'note' | 'expiresAt'> {
  return {
    ...(note !== undefined && { note }),
    ...(expires !== undefined && { expiresAt: expiryNamed(expires, now) }),
  };
}

function rejectionLines({ rejected, rejectedCount }: BulkResult): string[] {
  if (rejected.length === 0) {
    return [];
  }
  const rows = rejected.map(({ line, value, reason }) => [line, value, reason]);
  const unlisted = rejectedCount - rejected.length;
  return [
    ...table(['LINE#', 'REJECTED', 'REASON'], rows),
    ...(unlisted > 0 ? [`and ${unlisted} more`] : []),
    '',
  ];
}
