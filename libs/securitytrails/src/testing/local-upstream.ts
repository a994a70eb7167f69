import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test's server was asked, its body read to the end. */
interface Received {
  readonly method: string;
  /** As it came over the wire, not normalised. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LocalUpstream {
  readonly url: string;
  readonly received: Received[];
  /** Connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

export type Answer = (
  response: ServerResponse,
  request: Received,
  count: number,
) => void | Promise<void>;

/** A real HTTP server on a free port of the loopback that answers as the test says. */
export async function localUpstream(answer: Answer): Promise<LocalUpstream> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    void readRequest(request).then((read) => {
      received.push(read);
      return answer(response, read, received.length);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Answers JSON with a status. */
export function json(status: number, body: unknown): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  };
}

/** Answers text with a status, and with no content type unless one is given. */
export function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}

/** The n-th request gets the n-th answer; the last answer goes on. */
export function inTurn(...answers: readonly [Answer, ...Answer[]]): Answer {
  return (response, request, count) => {
    const answer = answers[count - 1] ?? answers.at(-1) ?? answers[0];
    return answer(response, request, count);
  };
}

async function readRequest(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}
