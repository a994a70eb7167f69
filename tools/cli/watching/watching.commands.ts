import type { Command } from 'commander';

import type { CliEdges } from '../cli-edges.js';

import { backtestCommand } from './backtest.command.js';
import { changesCommand } from './changes.command.js';
import { historyCommand } from './history.command.js';
import { ledgerCommand } from './ledger.command.js';
import { listsCommand } from './lists.command.js';
import { observablesCommand } from './observables.command.js';
import { queueCommand } from './queue.command.js';
import { quotaCommand } from './quota.command.js';
import { refreshCommand } from './refresh.command.js';
import { watchCommand } from './watch.command.js';

/** The commands about watchlists, in the order of the help. */
export function watchingCommands(edges: CliEdges): Command[] {
  return [
    listsCommand,
    observablesCommand,
    refreshCommand,
    changesCommand,
    historyCommand,
    backtestCommand,
    quotaCommand,
    ledgerCommand,
    queueCommand,
    watchCommand,
  ].map((command) => command(edges));
}
