import { spawn } from 'node:child_process';

/** Exit codes of the set-up, from sysexits.h. */
export const EXIT = { usage: 64, unavailable: 69 };

/** A set-up step that cannot go on. `message` is for the reader, `exitCode` for the caller. */
export class StepFailure extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'StepFailure';
    this.exitCode = exitCode;
  }
}

/**
 * @typedef {{ command: string, args: string[], cwd?: string, env?: NodeJS.ProcessEnv }} Command
 * @typedef {{ code: number, output: string }} Ended
 */

/**
 * Runs a command with its output held back. A command that cannot be started ends with 127.
 * @param {Command} command
 * @returns {Promise<Ended>}
 */
export function runQuietly({ command, args, cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? 1,
        output: Buffer.concat(chunks).toString() + (signal ? `ended by ${signal}\n` : ''),
      }),
    );
  });
}

/**
 * One line for a step that has something to do: its name, then how long it took. Only a failing
 * step shows what its command said.
 * @param {string} title
 * @param {Command} command
 */
export async function step(title, command) {
  const started = Date.now();
  process.stderr.write(`${title}…`);
  const { code, output } = await runQuietly(command);
  const seconds = Math.max(1, Math.round((Date.now() - started) / 1000));
  if (code === 0) {
    process.stderr.write(` ${seconds} s\n`);
    return;
  }
  process.stderr.write(` failed after ${seconds} s\n`);
  throw new StepFailure(`${output.trimEnd()}\n${title}: exit code ${code}`, 1);
}
