import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** What to start, and where its output goes. */
export interface ProcessOrder {
  /** Its name in messages to the reader. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File for its output, begun anew on each start. */
  readonly logFile: string;
}

/** How a process ended: in words, for a message. */
export interface ProcessEnd {
  readonly name: string;
  readonly reason: string;
}

/** A child process in a session of its own, so that Ctrl-C reaches it only through us. */
export class ManagedProcess {
  readonly name: string;
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #logFile: string;

  constructor(order: ProcessOrder) {
    this.name = order.name;
    this.#logFile = order.logFile;
    const log = openSync(order.logFile, 'w');
    this.#child = spawn(order.command, order.args, {
      env: order.env,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.ended = endOf(order.name, this.#child);
  }

  /** Its process id; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks it to end, and makes it end when it has not done so after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  /** The last lines of its output. */
  async lastLines(count: number): Promise<string> {
    const text = await readFile(this.#logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-count).join('\n');
  }
}

function endOf(name: string, child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ name, reason: `could not be started: ${error.message}` });
    });
    child.once('exit', (code, signal) => {
      resolve({ name, reason: signal === null ? `exit code ${code ?? 0}` : `ended by ${signal}` });
    });
  });
}
