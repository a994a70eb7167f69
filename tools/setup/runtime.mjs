import { join } from 'node:path';

import { EXIT, StepFailure, runQuietly } from './step.mjs';

const NEEDED_MAJOR = 24;

/**
 * Path of a Node that is new enough: the one among the dependencies, else the one running this.
 * The first may be missing (no package for the platform) or unable to start (musl), hence the try.
 * @param {string} root
 */
export async function findRuntime(root) {
  for (const candidate of [join(root, 'node_modules', '.bin', 'node'), process.execPath]) {
    const { code, output } = await runQuietly({ command: candidate, args: ['--version'] });
    if (code === 0 && Number(/^v(\d+)\./.exec(output)?.[1] ?? 0) >= NEEDED_MAJOR) {
      return candidate;
    }
  }
  throw new StepFailure(
    `Node ${NEEDED_MAJOR} or later is needed and none came with the dependencies for ` +
      `${process.platform}-${process.arch}: install it from https://nodejs.org and try again.`,
    EXIT.unavailable,
  );
}
