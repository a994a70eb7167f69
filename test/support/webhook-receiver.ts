import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { Webhook as Verifier } from 'standardwebhooks';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: string;
}

/** A place that webhooks post to: a real server on a free port. */
export interface WebhookReceiver {
  readonly port: number;
  readonly url: string;
  readonly received: Received[];
  /** Connections ever made to it. */
  connections: number;
  /** How it answers from now on; 204 at first. */
  answer: (response: ServerResponse, request: IncomingMessage) => void;
  close(): Promise<void>;
}

export async function startReceiver(
  tls?: Readonly<Record<'key' | 'cert', string>>,
): Promise<WebhookReceiver> {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => {
      receiver.received.push({ headers: request.headers, path: request.url ?? '', body });
      receiver.answer(response, request);
    });
  };
  const server =
    tls === undefined ? createHttpServer(onRequest) : createHttpsServer(tls, onRequest);
  server.on('connection', () => {
    receiver.connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    port,
    url: tls === undefined ? `http://127.0.0.1:${port}/hook` : `https://localhost:${port}/hook`,
    received: [],
    connections: 0,
    answer: (response) => response.writeHead(204).end(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

export function answerWith(status: number, body = '', headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(status, headers).end(body);
  };
}

/** What the reference library makes of a message. @throws when the signature does not hold */
export function verified({ body, headers }: Received, secret: string): unknown {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return new Verifier(secret).verify(body, Object.fromEntries(texts) as Record<string, string>);
}
