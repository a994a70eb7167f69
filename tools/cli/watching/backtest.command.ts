import { Command, InvalidArgumentError } from 'commander';

import { RECORDS_OF } from '#changes';
import type { BacktestResult, Subject } from '#changes';
import type { Watchlist } from '#watch';
import { DEPLOYMENT } from '#watching';

import type { CliEdges } from '../cli-edges.js';
import { parseCount } from '../option-values.js';

import { changeJson, factTable } from './change-view.js';
import { listNamed, observableText } from './naming.js';
import { result } from './result.js';
import { table } from './table.js';
import type { WatchingDesk } from './watching-desk.js';
import { atDesk } from './watching-desk.js';

interface BacktestOptions {
  readonly since: string;
  readonly first: number;
  readonly json?: boolean;
}

/** `backtest`: what a list would have raised, from what is held. No upstream call. */
export function backtestCommand(edges: CliEdges): Command {
  return new Command('backtest')
    .description('what a list would have raised since a day, from history already held')
    .argument('<list>', 'its name or id')
    .requiredOption('--since <day>', 'such as 2026-01-31', parseDay)
    .option('--first <count>', 'how many changes to show', parseCount, 50)
    .option('--json', 'for scripts')
    .action(async (name: string, { since, first, json }: BacktestOptions) => {
      await atDesk(edges, async (desk) => {
        const list = await listNamed(desk, name);
        const subjects = await subjectsOf(desk, list);
        const found = await desk.histories.backtest({ subjects, since, most: first });
        const changes = found.changes.map((one) => changeJson(one, (id) => id));
        result(edges, json, { since, ...found, changes }, () => resultLines(found));
      });
    });
}

async function subjectsOf({ reader }: WatchingDesk, list: Watchlist): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for await (const { observable } of reader.all(list)) {
    for (const recordType of RECORDS_OF[observable.type]) {
      subjects.push({ tenant: DEPLOYMENT, observable, recordType });
    }
  }
  return subjects;
}

function resultLines({ changes, byObservable, notHeld }: BacktestResult): string[] {
  const total = byObservable.reduce((sum, row) => sum + row.added + row.ended + row.returned, 0);
  const rows = byObservable
    .toSorted((one, other) => sumOf(other) - sumOf(one))
    .map((row) => [observableText(row.observable), row.added, row.ended, row.returned]);
  return [
    ...factTable(changes),
    '',
    ...table(['OBSERVABLE', 'ADDED#', 'ENDED#', 'RETURNED#'], rows),
    '',
    `${total} changes of ${byObservable.length} observables, ${changes.length} of them shown`,
    ...(notHeld.length === 0 ? [] : [`nothing is held yet of ${notHeld.length} observables`]),
  ];
}

function sumOf({ added, ended, returned }: BacktestResult['byObservable'][number]): number {
  return added + ended + returned;
}

function parseDay(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(text)) {
    throw new InvalidArgumentError('Give a day such as 2026-01-31.');
  }
  return text;
}
