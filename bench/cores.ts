import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Servers under test have the first core to themselves; all else shares the second. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

const START_LIMIT_MS = 20_000;
const POLL_MS = 25;

export interface PinnedOrder {
  readonly core: number;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
}

/** Starts a process that stays on one core, and ends it with us. */
export function startPinned({ core, command, args, env, stdio }: PinnedOrder): ChildProcess {
  const child = spawn('taskset', ['-c', String(core), command, ...args], {
    env: env ?? process.env,
    // What the relay logs goes nowhere, but it does go: it is formatted, redacted and written.
    stdio: stdio ?? ['ignore', 'ignore', 'inherit'],
  });
  const leave = (): void => void child.kill('SIGKILL');
  process.once('exit', leave);
  child.once('exit', () => process.off('exit', leave));
  return child;
}

/** SIGTERM, and waits until it has ended. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

/** A port that was free a moment ago: for those that cannot tell which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when the probe does not fail any more. @throws its last failure after 20 s. */
export async function untilReady(probe: () => Promise<unknown>): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await probe();
      return;
    } catch (error) {
      if (performance.now() > limit) {
        throw error;
      }
      await pause(POLL_MS);
    }
  }
}
