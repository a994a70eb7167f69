import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
// Lets node run the sources as they are: imports name the files of the build.
const FROM_SOURCE = `import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) => {
  try { return next(name, context); }
  catch { return next(name.replace(/\\.js$/, '.ts'), context); }
} });`;

function run(environment: Record<string, string>): ChildProcess {
  const hook = `data:text/javascript,${encodeURIComponent(FROM_SOURCE)}`;
  return spawn(process.execPath, ['--import', hook, MAIN], {
    env: { SIMULATOR_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return line.toString();
}

describe('the simulator process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says when it is ready and ends at once on %s',
    async (signal) => {
      const child = run({ SIMULATOR_KEYS: 'some-key:5:50' });
      const line = await firstLine(child);
      const url = /^simulator ready on (http:\/\/127\.0\.0\.1:\d+\/v1)\n$/.exec(line)?.[1] ?? '';
      const answer = await fetch(`${url}/account/usage`, { headers: { apikey: 'some-key' } });
      expect(await answer.json()).toEqual({ current_monthly_usage: 1, allowed_monthly_usage: 50 });
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
  );

  it('ends with 78 and a line for each fault of the environment', async () => {
    const child = run({ SIMULATOR_PORT: 'x', SIMULATOR_KEYS: 'x' });
    const [complaint, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
    expect(code).toBe(78);
    expect(complaint.trim().split('\n')).toHaveLength(2);
  });

  it('ends with 78 when the recordings cannot be read', async () => {
    const child = run({ RECORDINGS_DIR: '/nowhere/at/all' });
    const [complaint, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
    expect(code).toBe(78);
    expect(complaint).toBe('simulator: RECORDINGS_DIR: cannot be read (ENOENT)\n');
  });
});
