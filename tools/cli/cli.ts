import { Command, CommanderError } from 'commander';

import type { CliEdges } from './cli-edges.js';
import { CliFailure } from './cli-failure.js';
import { doctorCommand } from './doctor.command.js';
import { moduleTypeCommand } from './module-type.command.js';
import { tokenCommand } from './token.command.js';

/** EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;

/**
 * Runs one command of the operators' command line.
 *
 * @param args the words after the program's name
 * @returns the exit code: 0, 1 for a failure, 64 for words that make no command.
 */
export async function runCli(args: readonly string[], edges: CliEdges): Promise<number> {
  const printHelp = (text: string): void => {
    edges.print(text.trimEnd());
  };
  let exitCode = 0;
  const program = new Command('cli').description('Operators’ command line of the relay');
  const commands = [
    tokenCommand(edges),
    moduleTypeCommand(edges),
    doctorCommand(edges, () => {
      exitCode = 1;
    }),
  ];
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput({ writeOut: printHelp, writeErr: edges.remark });
  }
  commands.forEach((command) => program.addCommand(command));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return exitCodeFor(error, edges);
  }
}

function exitCodeFor(error: unknown, edges: CliEdges): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  if (error instanceof CliFailure) {
    edges.remark(`${error.message}\n`);
    return error.code === 'bad-option' ? EXIT_USAGE : 1;
  }
  throw error;
}
