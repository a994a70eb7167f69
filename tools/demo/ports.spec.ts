import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { freePorts, relayPort } from './ports.js';

const HOST = '127.0.0.1';

describe('freePorts', () => {
  it('gives ports that differ', async () => {
    const ports = await freePorts(4, HOST);
    expect(new Set(ports).size).toBe(4);
  });
});

describe('relayPort', () => {
  it('takes the port asked for', async () => {
    const [free = 0] = await freePorts(1, HOST);
    expect(await relayPort(String(free), HOST)).toBe(free);
  });

  it('refuses a port that is in use, instead of taking another than was asked for', async () => {
    const server = createServer().listen(0, HOST);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(relayPort(String(port), HOST)).rejects.toMatchObject({ code: 'port-taken' });
    server.close();
  });

  it.each(['abc', '70000', '-1'])('refuses %s, which is no port', async (text) => {
    await expect(relayPort(text, HOST)).rejects.toMatchObject({ code: 'port-taken' });
  });
});
