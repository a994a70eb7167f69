import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createConnection, type AddressInfo } from 'node:net';
import { SERVER_OPTIONS, tuneServer } from '#platform';

let server: Server;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('a tuned server', () => {
  it('cuts off a client that dawdles over its headers within seven seconds', async () => {
    server = tuneServer(createServer(SERVER_OPTIONS, (_request, response) => response.end()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const begun = performance.now();
    const socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
    const answer: Buffer[] = [];
    socket.on('data', (chunk) => answer.push(chunk));
    socket.write('GET / HTTP/1.1\r\nHost: relay.example.com\r\n');
    await once(socket, 'close');
    expect(Buffer.concat(answer).toString()).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - begun).toBeLessThan(7_000);
  }, 20_000);

  it('sets no limit to how long an answer may take', () => {
    server = tuneServer(createServer(SERVER_OPTIONS));
    expect(server.timeout).toBe(0);
  });
});
