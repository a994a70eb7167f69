import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Reply } from './reply.js';

const CACHE_CONTROL = 'max-age=0, private, must-revalidate';

/** Writes status and headers with the whole body's length. */
export function sendHead(response: ServerResponse, { status, body, contentType }: Reply): void {
  response.writeHead(status, {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    'cache-control': CACHE_CONTROL,
    'content-length': body.length,
  });
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  sendHead(response, reply);
  response.end(reply.body);
}

/** The request's body as text, read to its end; `undefined` when it is longer than `limit` bytes. */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop early would close the connection before the refusal is sent.
    if (length <= limit) {
      chunks.push(chunk);
    }
  }
  return length > limit ? undefined : Buffer.concat(chunks).toString();
}
