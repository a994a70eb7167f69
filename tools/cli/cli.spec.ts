import { describe, expect, it } from '@jest/globals';

import { run } from './testing/cli-bench.js';

describe('runCli', () => {
  it('prints help as a result', async () => {
    const { exitCode, printed } = await run(['--help']);
    expect(exitCode).toBe(0);
    expect(printed.join('\n')).toMatch(/token[\s\S]*module-type[\s\S]*doctor/);
  });

  it.each([[[]], [['frobnicate']], [['doctor', '--for', 'nobody']]])(
    'exits 2 for the words %j',
    async (args) => {
      const { exitCode, printed } = await run(args);
      expect([exitCode, printed]).toEqual([2, []]);
    },
  );
});
