import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';

import { post, startStack, token } from '../support/relay-stack.js';
import type { RelayStack } from '../support/relay-stack.js';

const CLIENTS = 20;
/** Five seconds for headers, one between looks, one to spare on a busy machine. */
const HEADERS_LIMIT_MS = 7_000;
const DRIP_MS = 250;
/** An honest call takes milliseconds; this is far more, and far less than any of the limits. */
const HONEST_LIMIT_MS = 1_500;
const ADDRESS = '192.0.2.7';
const NAMES = 2_000;

let stack: RelayStack;
const sockets: Socket[] = [];

beforeAll(async () => {
  stack = await startStack();
  stack.simulator.setHosts(
    ADDRESS,
    Array.from({ length: NAMES }, (_, index) => `h${index}.example.com`),
  );
}, 30_000);

afterAll(async () => {
  sockets.forEach((socket) => socket.destroy());
  await stack.stop();
});

interface SlowClient {
  readonly socket: Socket;
  /** Resolves with the time from connecting to the end, and what was answered. */
  readonly closed: Promise<{ readonly afterMs: number; readonly answer: string }>;
}

/** A client that says the opening words at once and then a word every quarter of a second. */
async function slowClient(opening: string, drip = ''): Promise<SlowClient> {
  const { hostname, port } = new URL(stack.relay.url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  sockets.push(socket);
  await once(socket, 'connect');
  const begun = performance.now();
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  // A reset is one way in which a server ends it.
  socket.on('error', () => undefined);
  socket.write(opening);
  const dripping = setInterval(() => drip !== '' && socket.write(drip), DRIP_MS);
  const closed = once(socket, 'close').then(() => {
    clearInterval(dripping);
    return { afterMs: performance.now() - begun, answer: Buffer.concat(received).toString() };
  });
  return { socket, closed };
}

function crowd(opening: string, drip?: string): Promise<SlowClient[]> {
  return Promise.all(Array.from({ length: CLIENTS }, () => slowClient(opening, drip)));
}

/** Makes honest calls until the work is done; returns how long the slowest took. */
async function honestCallsDuring(work: Promise<unknown>): Promise<number> {
  const state = { done: false };
  void work.then(() => {
    state.done = true;
  });
  let slowest = 0;
  while (!state.done) {
    const begun = performance.now();
    const { json } = await post(stack.relay.url, '/observe/observables', []);
    expect(json).toEqual({ data: {} });
    slowest = Math.max(slowest, performance.now() - begun);
  }
  return slowest;
}

describe('slow clients', () => {
  it('are cut off in their headers within the limit while honest calls go on', async () => {
    const silent = await crowd('');
    const dripping = await crowd('POST /observe/observables HTTP/1.1\r\nhost: x\r\nx-a: ', 'a');
    const half = await crowd('POST /observe/observables HTTP/1.1\r\nhost: x\r\n');
    const bodies = await crowd(
      'POST /observe/observables HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n',
      ' ',
    );
    const ends = Promise.all([...silent, ...dripping, ...half].map(({ closed }) => closed));
    expect(await honestCallsDuring(ends)).toBeLessThan(HONEST_LIMIT_MS);
    for (const { afterMs, answer } of await ends) {
      expect(afterMs).toBeLessThan(HEADERS_LIMIT_MS);
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    }
    // Their headers were whole, so theirs is the longer limit of a body.
    expect(bodies.some(({ socket }) => socket.destroyed)).toBe(false);
  }, 15_000);

  it('that close their side are let go of at once', async () => {
    const clients = await crowd(
      'POST /observe/observables HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n',
    );
    const begun = performance.now();
    clients.forEach(({ socket }) => socket.end());
    await Promise.all(clients.map(({ closed }) => closed));
    expect(performance.now() - begun).toBeLessThan(HONEST_LIMIT_MS);
  });

  it('that do not read their answers keep nobody else from theirs', async () => {
    const body = JSON.stringify([{ type: 'ip', value: ADDRESS }]);
    const authorization = `authorization: Bearer ${token({ GET_ALL_PAGES: true })}`;
    const head = [
      'POST /observe/observables HTTP/1.1',
      'host: x',
      authorization,
      `content-length: ${body.length}`,
    ];
    const clients = await crowd('');
    for (const { socket } of clients) {
      socket.pause();
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`.repeat(4));
    }
    const reader = post(stack.relay.url, '/observe/observables', [{ type: 'ip', value: ADDRESS }], {
      authorization: `Bearer ${token({ GET_ALL_PAGES: true })}`,
    });
    expect(await honestCallsDuring(reader)).toBeLessThan(HONEST_LIMIT_MS);
    expect((await reader).json).toMatchObject({ data: { sightings: { count: 1 } } });
    expect(clients.some(({ socket }) => socket.destroyed)).toBe(false);
  });
});
