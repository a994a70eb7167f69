import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';

import { afterEach, describe, expect, it } from '@jest/globals';

import { guardProcesses } from './process-guard.js';

const DEAF = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')";
const MEEK = "setInterval(() => {}, 1000); console.log('up')";

describe('guardProcesses', () => {
  const started: ChildProcess[] = [];

  afterEach(() => {
    started.forEach((child) => child.kill('SIGKILL'));
  });

  async function start(script: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(child);
    await once(child.stdout, 'data');
    return child;
  }

  it('ends the processes left when its input closes', async () => {
    const child = await start(MEEK);
    const input = new PassThrough();
    const ended = once(child, 'exit');
    input.end(`+${String(child.pid)}\n`);
    await guardProcesses(input, 5_000);
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  it('kills a process that ignores the request to end', async () => {
    const child = await start(DEAF);
    const input = new PassThrough();
    const ended = once(child, 'exit');
    input.end(`+${String(child.pid)}\n`);
    await guardProcesses(input, 200);
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('leaves alone what it was told has ended', async () => {
    const child = await start(MEEK);
    const input = new PassThrough();
    input.end(`+${String(child.pid)}\n-${String(child.pid)}\n`);
    await guardProcesses(input, 200);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });
});
