import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const LIMIT_MS = 5_000;
const EXIT_CODE = 3;

/** Logs once, waits for a word, logs again as told, and exits. */
function logging(last: string): string {
  const platform = pathToFileURL(resolve('dist/libs/platform/src/index.js')).href;
  return `
    import { createLogger } from '${platform}';
    const logger = createLogger({ level: 'info', name: 'test' });
    logger.info('first');
    process.stdin.once('data', () => {
      logger.${last}('last');
      process.exit(${EXIT_CODE});
    });`;
}

describe('a process whose log nobody reads any more', () => {
  it.each(['info', 'fatal'])(
    'ends although its last word at %s cannot be written',
    async (last) => {
      const args = ['--input-type=module', '--eval', logging(last)];
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
      const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
      await once(child.stdout, 'data');
      child.stdout.destroy();
      await once(child.stdout, 'close');
      child.stdin.write('go');
      expect(await once(child, 'exit')).toEqual([EXIT_CODE, null]);
      clearTimeout(limit);
    },
  );
});
