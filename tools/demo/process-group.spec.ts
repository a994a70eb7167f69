import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ProcessOrder } from './managed-process.js';
import { ProcessGroup } from './process-group.js';

describe('ProcessGroup', () => {
  let folder: string;
  let guard: PassThrough;
  let group: ProcessGroup;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-'));
    guard = new PassThrough();
    group = new ProcessGroup(guard);
  });

  afterEach(async () => {
    await group.stop();
    await rm(folder, { recursive: true });
  });

  function order(name: string, script: string, log = name): ProcessOrder {
    const logFile = join(folder, `${log}.log`);
    return { name, command: process.execPath, args: ['-e', script], env: process.env, logFile };
  }

  async function untilLogged(name: string, wanted: string): Promise<void> {
    while (!(await readFile(join(folder, `${name}.log`), 'utf8')).includes(wanted)) {
      await pause(10);
    }
  }

  it('says which process has ended, why, and what it wrote last', async () => {
    group.start(order('relay', "console.error('one'); console.error('two'); process.exit(3)"));
    expect(await group.firstEnd).toEqual({ name: 'relay', reason: 'exit code 3' });
    expect(await group.lastLines('relay', 1)).toBe('two');
  });

  it('says so when a program is not there', async () => {
    group.start({ ...order('redis', ''), command: join(folder, 'missing') });
    expect((await group.firstEnd).reason).toMatch(/^could not be started: .*ENOENT/);
  });

  it('ends its processes in the opposite order of their start', async () => {
    const record = join(folder, 'order.txt');
    const script = (name: string): string => `
      process.on('SIGTERM', () => {
        require('node:fs').appendFileSync(${JSON.stringify(record)}, '${name} ');
        process.exit();
      });
      setInterval(() => {}, 1000);
      console.log('up')`;
    for (const name of ['redis', 'worker', 'relay']) {
      group.start(order(name, script(name)));
    }
    await Promise.all(['redis', 'worker', 'relay'].map((name) => untilLogged(name, 'up')));
    await group.stop();
    expect(await readFile(record, 'utf8')).toBe('relay worker redis ');
  });

  it('tells the guard of every start and end', async () => {
    group.start(order('worker', ''));
    await group.firstEnd;
    await group.stop();
    expect(await text(guard)).toMatch(/^\+(\d+)\n-\1\n$/);
  });
});
