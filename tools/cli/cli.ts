import { Command, CommanderError } from 'commander';

import type { CliEdges } from './cli-edges.js';
import { CliFailure } from './cli-failure.js';
import { doctorCommand } from './doctor.command.js';
import { EXIT, EXIT_OF_FAILURE } from './exit-codes.js';
import { moduleTypeCommand } from './module-type.command.js';
import { opsTokenCommand } from './ops-token.command.js';
import { tokenCommand } from './token.command.js';
import { shown } from './watching/terminal-text.js';
import { watchingFailure } from './watching/watching-failure.js';
import { watchingCommands } from './watching/watching.commands.js';

/**
 * Runs one command of the operators' command line.
 *
 * @param args the words after the program's name
 * @returns the exit code, one of {@link EXIT}.
 */
export async function runCli(args: readonly string[], edges: CliEdges): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('cli')
    .description('Operators’ command line of the relay')
    // What follows a subcommand is the subcommand's, also where its parent has the same option.
    .enablePositionalOptions();
  const commands = [
    tokenCommand(edges),
    opsTokenCommand(edges),
    moduleTypeCommand(edges),
    doctorCommand(edges, () => {
      exitCode = EXIT.failed;
    }),
    ...watchingCommands(edges),
  ];
  commands.forEach((command) => program.addCommand(command));
  standAt(program, edges);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return exitCodeFor(error, edges);
  }
}

/** Commander leaves the process and writes by itself unless each command is told otherwise. */
function standAt(command: Command, edges: CliEdges): void {
  const printHelp = (text: string): void => {
    edges.print(text.trimEnd());
  };
  command.exitOverride().configureOutput({ writeOut: printHelp, writeErr: edges.remark });
  command.commands.forEach((one) => {
    standAt(one, edges);
  });
}

function exitCodeFor(error: unknown, edges: CliEdges): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  const failure = error instanceof CliFailure ? error : watchingFailure(error);
  if (failure === undefined) {
    throw error;
  }
  edges.remark(`${failure.message.split('\n').map(shown).join('\n')}\n`);
  return EXIT_OF_FAILURE[failure.code];
}
