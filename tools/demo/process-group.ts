import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

import { ManagedProcess } from './managed-process.js';
import type { ProcessEnd, ProcessOrder } from './managed-process.js';

/** How long all processes together may take to end, before they are made to. */
export const STOP_GRACE_MS = 8_000;

/** The demo's processes: started one by one, watched together, ended last come, first gone. */
export class ProcessGroup {
  readonly #guard: Writable;
  readonly #running = new Map<string, ManagedProcess>();
  readonly #firstEnd = Promise.withResolvers<ProcessEnd>();
  #stopping = false;

  /** @param guard where the pids are told to (see {@link startGuard}) */
  constructor(guard: Writable) {
    this.#guard = guard;
  }

  /** Resolves when a process ends that nobody asked to end. */
  get firstEnd(): Promise<ProcessEnd> {
    return this.#firstEnd.promise;
  }

  start(order: ProcessOrder): void {
    const started = new ManagedProcess(order);
    this.#running.set(order.name, started);
    this.#tellGuard('+', started);
    void started.ended.then((end) => {
      this.#tellGuard('-', started);
      if (!this.#stopping) {
        this.#firstEnd.resolve(end);
      }
    });
  }

  /** The last lines that the process called `name` wrote. */
  async lastLines(name: string, count: number): Promise<string> {
    return (await this.#running.get(name)?.lastLines(count)) ?? '';
  }

  /** Ends all of them, one after the other; what is left after {@link STOP_GRACE_MS} is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const deadline = performance.now() + STOP_GRACE_MS;
    for (const running of [...this.#running.values()].reverse()) {
      await running.stop(Math.max(0, deadline - performance.now()));
    }
    this.#guard.end();
  }

  #tellGuard(sign: '+' | '-', { pid }: ManagedProcess): void {
    if (pid !== undefined) {
      this.#guard.write(`${sign}${pid}\n`);
    }
  }
}

/**
 * Starts the process that ends the others should this one be killed: it notices by its standard
 * input closing. Give it this program's own path and the argument that makes it a guard.
 */
export function startGuard(command: string, args: readonly string[]): Writable {
  const guard = spawn(command, args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Killed by somebody: the demo goes on without its safety net.
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return guard.stdin;
}
