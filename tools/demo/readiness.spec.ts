import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { httpProbe, redisProbe, untilReady } from './readiness.js';

const NEVER = new AbortController().signal;

describe('untilReady', () => {
  it('returns once the probe succeeds', async () => {
    let probes = 0;
    const probe = { name: 'relay', isReady: async () => Promise.resolve(++probes === 3) };
    await untilReady(probe, { limitMs: 5_000, signal: NEVER });
    expect(probes).toBe(3);
  });

  it('names the process that is not ready in time', async () => {
    const probe = { name: 'worker', isReady: async () => Promise.resolve(false) };
    await expect(untilReady(probe, { limitMs: 50, signal: NEVER })).rejects.toMatchObject({
      code: 'not-ready',
      processName: 'worker',
    });
  });

  it('gives up as soon as it is told to', async () => {
    const controller = new AbortController();
    const probe = { name: 'worker', isReady: async () => Promise.resolve(false) };
    const waiting = untilReady(probe, { limitMs: 60_000, signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('httpProbe', () => {
  it('takes a refused connection for not ready', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const probe = httpProbe('relay', `http://127.0.0.1:${String(port)}/readyz`);
    expect(await probe.isReady()).toBe(false);
  });
});

describe('redisProbe', () => {
  it.each([
    ['+PONG\r\n', true],
    ['-LOADING Redis is loading the dataset in memory\r\n', false],
  ])('reads the answer %j', async (answer, expected) => {
    const server = createServer((socket) => socket.end(answer)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await redisProbe('redis', port).isReady()).toBe(expected);
    server.close();
  });
});
