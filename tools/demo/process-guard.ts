import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 100;

/**
 * Outlives the demo, to end its processes if it was killed without a chance to do so itself. Reads
 * lines `+<pid>` (started) and `-<pid>` (ended). When the input closes, those left get SIGTERM, all
 * at once for nobody is served any more, and after `graceMs` SIGKILL.
 */
export async function guardProcesses(input: Readable, graceMs: number): Promise<void> {
  const left = new Set<number>();
  for await (const line of createInterface({ input })) {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) {
      left.add(pid);
    } else {
      left.delete(pid);
    }
  }
  await endAll([...left], graceMs);
}

async function endAll(pids: readonly number[], graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  let alive = pids.filter((pid) => signal(pid, 'SIGTERM'));
  while (alive.length > 0 && performance.now() < deadline) {
    await pause(POLL_MS);
    alive = alive.filter((pid) => signal(pid, 0));
  }
  alive.forEach((pid) => signal(pid, 'SIGKILL'));
}

/** False when there is no such process any more. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
