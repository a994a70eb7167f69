import type { CliFailureCode } from './cli-failure.js';

/** What a script can tell from a command's end; the upper ones are those of sysexits.h. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  redisAway: 69,
  configuration: 78,
} as const;

export const EXIT_OF_FAILURE: Readonly<Record<CliFailureCode, number>> = {
  'no-key': EXIT.failed,
  'bad-key': EXIT.failed,
  'bad-secret': EXIT.failed,
  'bad-option': EXIT.usage,
  'unreadable-file': EXIT.failed,
  'invalid-module-type': EXIT.failed,
  refused: EXIT.refused,
  'not-found': EXIT.notFound,
  'redis-away': EXIT.redisAway,
  'bad-configuration': EXIT.configuration,
  'not-done': EXIT.failed,
  'work-rests': EXIT.failed,
};
