import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as upstream got it. */
export interface VendorRequest {
  readonly path: string;
  readonly page: number;
  readonly body: string;
  readonly apiKey: string | undefined;
  readonly requestId: string | undefined;
}

export interface VendorReply {
  readonly status?: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
}

/** An upstream on a free port of this machine; a test says what it answers. */
export class VendorServer implements AsyncDisposable {
  readonly requests: VendorRequest[] = [];
  /** Awaited before a request is answered. */
  onRequest: (request: VendorRequest) => Promise<void> = () => Promise.resolve();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(reply: (request: VendorRequest) => VendorReply): Promise<VendorServer> {
    const server = createServer();
    const vendor = new VendorServer(server);
    server.on('request', (incoming, response) => {
      const url = new URL(incoming.url ?? '', 'http://vendor.example.com');
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const request: VendorRequest = {
          path: url.pathname,
          page: Number(url.searchParams.get('page') ?? 0),
          body: Buffer.concat(chunks).toString(),
          apiKey: incoming.headers['apikey']?.toString(),
          requestId: incoming.headers['x-request-id']?.toString(),
        };
        vendor.requests.push(request);
        void vendor.onRequest(request).then(() => {
          const { status = 200, body } = reply(request);
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(typeof body === 'string' ? body : JSON.stringify(body));
        });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return vendor;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
