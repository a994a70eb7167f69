import type { CliEdges } from '../../tools/cli/cli-edges.js';
import type { CliRun } from '../../tools/cli/testing/cli-bench.js';
import { run } from '../../tools/cli/testing/cli-bench.js';

import { API_KEY } from './relay-stack.js';

/** The command line over a Redis. */
export interface WatchingCli {
  /** Runs the words, apart at each space; more words follow as they are. */
  (words: string, ...more: readonly string[]): Promise<CliRun>;
  /** As with `--json`: the document that was printed. */
  json<T>(words: string, ...more: readonly string[]): Promise<T>;
}

export function watchingCli(url: string, edges: Partial<CliEdges> = {}): WatchingCli {
  const env = { REDIS_URL: url, SECURITYTRAILS_API_KEY: API_KEY, USER: 'olga' };
  const cli = (words: string, ...more: readonly string[]): Promise<CliRun> =>
    run([...words.split(' '), ...more], { env, now: Date.now, ...edges });
  const json = async <T>(words: string, ...more: readonly string[]): Promise<T> => {
    const { exitCode, output, remarked } = await cli(words, ...more, '--json');
    if (exitCode !== 0) {
      throw new Error(`exit code ${exitCode}: ${remarked}`);
    }
    return JSON.parse(output) as T;
  };
  return Object.assign(cli, { json });
}
