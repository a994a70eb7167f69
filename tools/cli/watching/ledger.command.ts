import { Command, Option } from 'commander';

import type { LedgerGroup, LedgerRow } from '#ledger';

import type { CliEdges } from '../cli-edges.js';

import { instantNamed, namesOf } from './naming.js';
import { result } from './result.js';
import { table } from './table.js';
import { atDesk } from './watching-desk.js';

const GROUPS = {
  cause: 'CAUSE',
  list: 'WATCHLIST',
  observable: 'OBSERVABLE',
  endpoint: 'ENDPOINT',
  day: 'DAY',
} as const satisfies Record<string, LedgerGroup>;

interface LedgerOptions {
  readonly by: keyof typeof GROUPS;
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/** `ledger`: every upstream call, booked to its cause. */
export function ledgerCommand(edges: CliEdges): Command {
  return new Command('ledger')
    .description('upstream calls by what caused them; days are whole, in UTC')
    .addOption(new Option('--by <what>').choices(Object.keys(GROUPS)).default('cause'))
    .option('--since <day>', 'from then (default: this month)')
    .option('--until <day>', 'to then')
    .option('--json', 'for scripts')
    .action(async ({ by, since, until, json }: LedgerOptions) => {
      const query = {
        groupBy: GROUPS[by],
        ...(since !== undefined && { since: instantNamed('--since', since) }),
        ...(until !== undefined && { until: instantNamed('--until', until) }),
      };
      await atDesk(edges, async (desk) => {
        const rows = await desk.ledger.rows({ tenant: desk.tenant, ...query });
        const nameOf = await namesOf(
          desk,
          rows.flatMap(({ watchlistId }) => watchlistId ?? []),
        );
        const calls = rows.reduce((sum, row) => sum + row.calls, 0);
        const views = rows.map((row) => rowJson(row, nameOf));
        result(edges, json, { groupBy: GROUPS[by], calls, rows: views }, () => [
          ...table(
            [by.toUpperCase(), 'CALLS#', 'FAILED#'],
            rows.map(({ key, calls: made, failed }) => [nameOf(key), made, failed]),
          ),
          `${calls} calls in all`,
        ]);
      });
    });
}

function rowJson(row: LedgerRow, nameOf: (id: string) => string): object {
  const { watchlistId, ...rest } = row;
  const watchlist = watchlistId === null ? null : { id: watchlistId, name: nameOf(watchlistId) };
  return { ...rest, watchlist };
}
