import { ChangesError } from '#changes';
import { WatchError } from '#watch';

import { CliFailure } from '../cli-failure.js';

/** What the libs and Redis may answer to a command, as its failure; undefined for what is a bug. */
export function watchingFailure(error: unknown): CliFailure | undefined {
  if (error instanceof ChangesError && error.code === 'bad_cursor') {
    return new CliFailure('bad-option', `--after: ${error.message}`);
  }
  if (error instanceof ChangesError || error instanceof WatchError) {
    return new CliFailure('not-done', `${error.code}: ${error.message}`);
  }
  return isRefusalOfRedis(error)
    ? new CliFailure('not-done', `Redis refuses: ${error.message}`)
    : undefined;
}

/** Such as one that is full, or a replica. */
function isRefusalOfRedis(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
