import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request exactly as given: nothing is added, encoded or followed. */
export interface RawRequest {
  readonly path: string;
  /** POST by default. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent with its length; parts are sent chunked. */
  readonly body?: string | readonly string[];
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends it; rejects when the connection ends before the answer does. */
export function sendRaw(
  url: string,
  { path, method, headers, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const length = typeof body === 'string' ? { 'content-length': Buffer.byteLength(body) } : {};
    const options = { hostname, port, path, method: method ?? 'POST', agent: false };
    const outgoing = request({ ...options, headers: { ...length, ...headers } }, (incoming) => {
      readAnswer(incoming).then(resolve, reject);
    });
    outgoing.on('error', reject);
    for (const part of typeof body === 'string' ? [body] : (body ?? [])) {
      outgoing.write(part);
    }
    outgoing.end();
  });
}

async function readAnswer(incoming: IncomingMessage): Promise<RawAnswer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) {
    parts.push(part as Buffer);
  }
  const text = Buffer.concat(parts).toString('utf8');
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
}
