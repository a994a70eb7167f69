import { Readable } from 'node:stream';

import { CliFailure } from '../../cli/cli-failure.js';
import type { WatchingDesk } from '../../cli/watching/watching-desk.js';
import { atDesk } from '../../cli/watching/watching-desk.js';
import { DemoFailure } from '../demo-failure.js';

/** Who did what the demo did. */
export const DEMO_ACTOR = 'demo';

/**
 * Does something at the operators' desk, as the command line does it, with the environment of the
 * demo's processes.
 *
 * @throws DemoFailure `story-failed` for what the command line would refuse, or without Redis.
 */
export async function atDemoDesk<T>(
  env: NodeJS.ProcessEnv,
  use: (desk: WatchingDesk) => Promise<T>,
): Promise<T> {
  try {
    return await atDesk(edgesOf(env), use);
  } catch (error) {
    throw error instanceof CliFailure ? new DemoFailure('story-failed', error.message) : error;
  }
}

/** Nobody is asked and nothing printed there: the demo has words of its own. */
function edgesOf(env: NodeJS.ProcessEnv) {
  return {
    env: { ...env, USER: DEMO_ACTOR },
    stdin: Readable.from([]),
    print: () => undefined,
    write: () => Promise.resolve(),
    remark: () => undefined,
    interruption: () => new AbortController().signal,
    fetch,
    now: Date.now,
  };
}
