import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A key set host on a loopback port; what it answers can change between calls. */
export class JwksServer {
  /** The calls so far, by path. */
  readonly calls: string[] = [];
  /** What a token names as its `jwks_host`. */
  host = '';
  #answer: RequestListener = (_request, response) => response.end('{"keys":[]}');
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.calls.push(request.url ?? '');
      this.#answer(request, response);
    });
  }

  static async start(): Promise<JwksServer> {
    const server = new JwksServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    const { port } = server.#server.address() as AddressInfo;
    server.host = `127.0.0.1:${port}`;
    return server;
  }

  /** Serves these keys, or a text as it is. */
  serve(body: readonly unknown[] | string, status = 200): void {
    const text = typeof body === 'string' ? body : JSON.stringify({ keys: body });
    this.answer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
  }

  answer(listener: RequestListener): void {
    this.#answer = listener;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
