import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createServer as createTlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'undici';
import { SecurityTrailsError } from './errors.js';
import type { Answer, LocalUpstream } from './testing/local-upstream.js';
import { json, localUpstream, text } from './testing/local-upstream.js';
import { selfSigned } from '../../../test/support/self-signed.js';
import type { HttpAnswer, HttpRequest, TransportOptions } from './transport.js';
import { Transport } from './transport.js';

const MEGABYTE = 1024 * 1024;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

function transportTo(baseUrl: string, options: Partial<TransportOptions> = {}): Transport {
  const transport = new Transport({
    baseUrl,
    timeoutMs: 5_000,
    maxBodyBytes: 8 * MEGABYTE,
    ...options,
  });
  cleanups.push(() => transport.close());
  return transport;
}

async function upstream(answer: Answer): Promise<LocalUpstream> {
  const server = await localUpstream(answer);
  cleanups.push(() => server.close());
  return server;
}

/** A server below HTTP, on a free port; gives its port. */
async function rawServer(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    // A client that has given up resets the connection; that is its right.
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

const rawAnswer = (head: string) => (socket: Socket) =>
  socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${head}`));

function ask(transport: Transport, rest: Partial<HttpRequest> = {}): Promise<HttpAnswer> {
  return transport.exchange({
    endpoint: 'ping',
    method: 'GET',
    path: 'ping',
    headers: { apikey: 'k' },
    ...rest,
  });
}

async function failure(work: Promise<unknown>): Promise<SecurityTrailsError> {
  const cause: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (cause instanceof SecurityTrailsError) {
    return cause;
  }
  throw new Error(`no SecurityTrailsError: ${String(cause)}`);
}

const compressed = (encoding: string, body: Buffer): Answer => {
  return (response) => {
    response.writeHead(200, { 'content-encoding': encoding });
    response.end(body);
  };
};

describe('Transport: what goes out and comes in', () => {
  it('keeps the path of the base URL and sends the rest as it is', async () => {
    const server = await upstream(json(200, {}));
    await ask(transportTo(`${server.url}/api/v1/`), { path: 'history/%2E%2E%2Fx/dns/a?page=2' });
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      url: '/api/v1/history/%2E%2E%2Fx/dns/a?page=2',
    });
  });

  it('gives status, text, content type and Retry-After of any answer', async () => {
    const headers = { 'content-type': 'TEXT/Plain', 'retry-after': '7' };
    const server = await upstream(text(429, 'slow down', headers));
    expect(await ask(transportTo(server.url))).toEqual({
      status: 429,
      text: 'slow down',
      contentType: 'text/plain',
      retryAfter: '7',
    });
  });

  it('keeps connections for the calls that follow', async () => {
    const server = await upstream(json(200, {}));
    const transport = transportTo(server.url);
    for (let i = 0; i < 20; i += 1) {
      await ask(transport);
    }
    // Two, because a call may begin before the last one's connection is back in the pool.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('decodes UTF-8 over chunk borders, without a byte order mark, wrong bytes replaced', async () => {
    const bytes = Buffer.concat([Buffer.from('\ufeff"é'), Buffer.of(0xff), Buffer.from('"')]);
    const server = await upstream((response) => {
      response.write(bytes.subarray(0, 5));
      setImmediate(() => response.end(bytes.subarray(5)));
    });
    expect((await ask(transportTo(server.url))).text).toBe('"é\ufffd"');
  });

  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['deflate', deflateSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['identity', Buffer.from('{"a":1}')],
  ])('undoes %s', async (encoding, body) => {
    const server = await upstream(compressed(encoding, body));
    expect((await ask(transportTo(server.url))).text).toBe('{"a":1}');
  });

  it('does not follow a redirect', async () => {
    const target = await upstream(json(200, {}));
    const server = await upstream(text(302, '', { location: `${target.url}/elsewhere` }));
    expect(await ask(transportTo(server.url))).toMatchObject({ status: 302 });
    expect(target.received).toHaveLength(0);
  });

  it('leaves a dispatcher open that belongs to somebody else', async () => {
    const server = await upstream(json(200, {}));
    const dispatcher = new Agent();
    cleanups.push(() => dispatcher.close());
    await transportTo(server.url, { dispatcher }).close();
    expect(await ask(transportTo(server.url, { dispatcher }))).toMatchObject({ status: 200 });
  });
});

describe('Transport: limits of size', () => {
  it('stops a body of 50 MB and its server', async () => {
    let sent = 0;
    function* blocks() {
      const block = Buffer.alloc(MEGABYTE, ' ');
      for (; sent < 50; sent += 1) {
        yield block;
      }
    }
    const server = await upstream((response) =>
      // The client breaks off: that is what is wanted of it.
      pipeline(Readable.from(blocks()), response).catch(() => undefined),
    );
    expect(await failure(ask(transportTo(server.url)))).toMatchObject({
      code: 'too_large',
      status: 200,
    });
    expect(sent).toBeLessThan(40);
  });

  it('stops a gzip bomb by what it becomes, not by what it is', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEGABYTE));
    expect(bomb.length).toBeLessThan(MEGABYTE);
    const server = await upstream(compressed('gzip', bomb));
    expect((await failure(ask(transportTo(server.url)))).code).toBe('too_large');
  });

  it('takes a body of exactly the limit and no byte more', async () => {
    const server = await upstream((response, { url }) => {
      response.end('x'.repeat(url.endsWith('more') ? 101 : 100));
    });
    const transport = transportTo(server.url, { maxBodyBytes: 100 });
    expect((await ask(transport)).text).toHaveLength(100);
    expect((await failure(ask(transport, { path: 'more' }))).code).toBe('too_large');
  });

  it('gives the status of a failure whose body is huge, with the head of the body', async () => {
    const server = await upstream(text(503, 'x'.repeat(MEGABYTE)));
    const answer = await ask(transportTo(server.url));
    expect(answer.status).toBe(503);
    expect(answer.text).toHaveLength(65_536);
  });
});

describe('Transport: bodies that break', () => {
  it.each([
    ['is no gzip at all', 'gzip', Buffer.from('{"a":1}')],
    ['ends in the middle of its gzip', 'gzip', gzipSync('{"a":1}').subarray(0, 12)],
    ['is no brotli', 'br', Buffer.from('{"a":1}')],
    ['has an encoding nobody asked for', 'zstd', Buffer.from('{"a":1}')],
    ['is compressed twice', 'gzip, gzip', gzipSync(gzipSync('{"a":1}'))],
  ])('is malformed when it %s', async (_, encoding, body) => {
    const server = await upstream(compressed(encoding, body));
    const transport = transportTo(server.url);
    expect(await failure(ask(transport))).toMatchObject({ code: 'malformed', status: 200 });
    expect((await failure(ask(transport))).code).toBe('malformed');
  });

  it('lets go of a connection whose body it cannot read', async () => {
    const closed = Promise.withResolvers<boolean>();
    const server = await upstream((response) => {
      response.on('close', () => {
        closed.resolve(true);
      });
      response.writeHead(200, { 'content-encoding': 'zstd' });
      response.write('the beginning');
    });
    expect((await failure(ask(transportTo(server.url)))).code).toBe('malformed');
    expect(await closed.promise).toBe(true);
  });

  it('is a network failure when it ends before its length', async () => {
    const port = await rawServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"a":'));
    });
    expect(await failure(ask(transportTo(`http://127.0.0.1:${port}`)))).toMatchObject({
      code: 'network',
      status: 200,
    });
  });

  it('is a network failure when the connection is reset within it', async () => {
    const server = await upstream((response) => {
      response.writeHead(200);
      response.write('{"a":');
      setImmediate(() => response.socket?.resetAndDestroy());
    });
    expect((await failure(ask(transportTo(server.url)))).code).toBe('network');
  });

  it('keeps the status of a failure whose body breaks', async () => {
    const server = await upstream((response) => {
      response.writeHead(500, { 'content-encoding': 'gzip' });
      response.end('no gzip');
    });
    expect(await ask(transportTo(server.url))).toMatchObject({ status: 500, text: '' });
  });
});

describe('Transport: connections that fail', () => {
  it('is a network failure when nobody listens', async () => {
    const server = await localUpstream(json(200, {}));
    await server.close();
    const error = await failure(ask(transportTo(server.url)));
    expect(error).toMatchObject({ code: 'network', status: undefined });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('is a network failure when the connection is reset before an answer', async () => {
    const port = await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failure(ask(transportTo(`http://127.0.0.1:${port}`)))).toMatchObject({
      code: 'network',
      status: undefined,
    });
  });

  it('is a network failure when what answers does not speak HTTP, and quotes none of it', async () => {
    const port = await rawServer((socket) => socket.once('data', () => socket.end('CANARY\r\n')));
    const error = await failure(ask(transportTo(`http://127.0.0.1:${port}`)));
    expect(error.code).toBe('network');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('CANARY');
    expect(error.cause).toBeUndefined();
  });

  it('names the reason when a certificate is not to be trusted', async () => {
    const server = createTlsServer(selfSigned(), (socket) => {
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(async () => {
      server.close();
      await once(server, 'close');
    });
    const { port } = server.address() as AddressInfo;
    const error = await failure(ask(transportTo(`https://127.0.0.1:${port}`)));
    expect(error).toMatchObject({ code: 'tls', message: 'Self-signed certificate' });
  });

  it('is a TLS failure, and not a plain request, when the server speaks no TLS', async () => {
    const server = await upstream(json(200, {}));
    const error = await failure(ask(transportTo(server.url.replace('http:', 'https:'))));
    expect(error.code).toBe('tls');
    expect(error.message).toMatch(/^[A-Z][a-z ]+$/);
    expect(server.received).toHaveLength(0);
  });
});

describe('Transport: limits of time', () => {
  const timeoutMs = 150;

  it('covers a connect that hangs', async () => {
    const dispatcher = new Agent({ connect: () => undefined });
    cleanups.push(() => dispatcher.destroy());
    const transport = transportTo('http://192.0.2.1', { dispatcher, timeoutMs });
    expect(await failure(ask(transport))).toMatchObject({ code: 'timeout', status: undefined });
  });

  it('covers headers that do not come', async () => {
    const server = await upstream(() => undefined);
    const transport = transportTo(server.url, { timeoutMs });
    expect(await failure(ask(transport))).toMatchObject({ code: 'timeout', status: undefined });
  });

  it('covers a body that hangs', async () => {
    const port = await rawServer(rawAnswer('content-length: 99\r\n\r\n{"a":'));
    const transport = transportTo(`http://127.0.0.1:${port}`, { timeoutMs });
    expect(await failure(ask(transport))).toMatchObject({ code: 'timeout', status: 200 });
  });

  it('covers a body that drips, which never pauses', async () => {
    const server = await upstream((response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    const transport = transportTo(server.url, { timeoutMs });
    expect(await failure(ask(transport))).toMatchObject({ code: 'timeout', status: 200 });
  });

  it('gives the status of a failure whose body hangs', async () => {
    const server = await upstream((response) => {
      response.writeHead(502);
      response.write('<html>');
    });
    const transport = transportTo(server.url, { timeoutMs });
    expect(await ask(transport)).toMatchObject({ status: 502, text: '' });
  });

  it('leaves no timer behind', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const server = await upstream(json(200, {}));
    const transport = transportTo(server.url, { timeoutMs: 60_000 });
    await ask(transport);
    const before = timers();
    await Promise.all(Array.from({ length: 20 }, () => ask(transport)));
    expect(timers()).toBeLessThan(before + 20);
  });

  it('goes on with other calls after one was timed out', async () => {
    const server = await upstream((response, _request, count) => {
      if (count > 1) {
        response.end('{}');
      }
    });
    const transport = transportTo(server.url, { timeoutMs: 400 });
    expect((await failure(ask(transport))).code).toBe('timeout');
    expect((await ask(transport)).text).toBe('{}');
  });
});

describe('Transport: the signal of the caller', () => {
  it('ends a call that waits for headers', async () => {
    const abort = new AbortController();
    const server = await upstream(() => {
      abort.abort();
    });
    const work = ask(transportTo(server.url), { signal: abort.signal });
    expect(await failure(work)).toMatchObject({ code: 'aborted', status: undefined });
  });

  it.each([200, 500])('ends a call within the body of a %i', async (status) => {
    const abort = new AbortController();
    const onHeaders = () => {
      setImmediate(() => {
        abort.abort();
      });
    };
    subscribe('undici:request:headers', onHeaders);
    cleanups.push(() => Promise.resolve(unsubscribe('undici:request:headers', onHeaders)));
    const server = await upstream((response) => {
      response.writeHead(status);
      response.write('{"a":');
    });
    const work = ask(transportTo(server.url), { signal: abort.signal });
    expect(await failure(work)).toMatchObject({ code: 'aborted', status });
  });

  it('ends a call before it begins', async () => {
    const server = await upstream(json(200, {}));
    const work = ask(transportTo(server.url), { signal: AbortSignal.abort() });
    expect((await failure(work)).code).toBe('aborted');
    expect(server.received).toHaveLength(0);
  });
});
