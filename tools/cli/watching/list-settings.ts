import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

import { PRIORITIES } from '#watch';
import type { ListSettings, Priority } from '#watch';

import { parseDuration } from '../option-values.js';

/** What of a list's settings an operator gave. */
export interface SettingsOptions {
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly priority?: Priority;
  readonly interval?: number;
  readonly budget?: number | 'none';
  readonly enabled?: boolean;
  readonly muted?: boolean;
}

export function withSettings(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for; an empty text takes it away')
    .option('--tags <tags>', 'a comma list; an empty text takes them away', parseTags)
    .addOption(
      new Option('--priority <priority>', 'HIGH is refreshed before the others')
        .choices(PRIORITIES)
        .argParser(parsePriority),
    )
    .option('--interval <time>', 'refreshed so often, from 1h to 90d', parseDuration)
    .option('--budget <calls>', 'upstream calls a month for its refreshes, or none', parseBudget)
    .option('--enabled <yes|no>', 'a list that is not costs nothing', parseYesNo)
    .option('--muted <yes|no>', 'changes are recorded, nobody is told', parseYesNo);
}

export function settingsOf(options: SettingsOptions): Partial<ListSettings> {
  const { description, tags, priority, interval, budget, enabled, muted } = options;
  return {
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(priority !== undefined && { priority }),
    ...(interval !== undefined && { refreshIntervalSeconds: interval }),
    ...(budget !== undefined && { monthlyCallBudget: budget === 'none' ? null : budget }),
    ...(enabled !== undefined && { enabled }),
    ...(muted !== undefined && { muted }),
  };
}

function parsePriority(text: string): Priority {
  const priority = PRIORITIES.find((one) => one === text.toUpperCase());
  if (priority === undefined) {
    throw new InvalidArgumentError(`Give ${PRIORITIES.join(', ')}.`);
  }
  return priority;
}

function parseTags(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function parseBudget(text: string): number | 'none' {
  if (text === 'none') {
    return text;
  }
  if (!/^\d{1,15}$/.test(text)) {
    throw new InvalidArgumentError('Give a whole number of calls, or none.');
  }
  return Number(text);
}

function parseYesNo(text: string): boolean {
  if (text !== 'yes' && text !== 'no') {
    throw new InvalidArgumentError('Give yes or no.');
  }
  return text === 'yes';
}
