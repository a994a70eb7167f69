import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createConnection } from 'node:net';
import type { AddressInfo } from 'node:net';

import { cutOffSlowReader } from './slow-reader.js';

/** More than the kernel's buffers of both sides take. */
const BODY = Buffer.alloc(32 * 1024 * 1024, ' ');
const LIMIT_MS = 200;

let server: Server;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serve(limitMs: number): Promise<number> {
  server = createServer((_request, response) => {
    response.end(BODY);
    cutOffSlowReader(response, BODY.length, limitMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('cutOffSlowReader', () => {
  it('ends the connection of a client that does not read a large answer', async () => {
    const port = await serve(LIMIT_MS);
    const client = createConnection(port, '127.0.0.1');
    client.pause();
    const [socket] = (await once(server, 'connection')) as [typeof client];
    client.write('GET / HTTP/1.1\r\nhost: relay.example.com\r\n\r\n');
    const begun = performance.now();
    await once(socket, 'close');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(LIMIT_MS - 50);
    client.destroy();
  });

  it('leaves a client alone that reads', async () => {
    const port = await serve(5_000);
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect((await answer.arrayBuffer()).byteLength).toBe(BODY.length);
  });
});
