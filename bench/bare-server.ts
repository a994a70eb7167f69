/**
 * What the relay is measured against: the least that a Node server can do for an authenticated,
 * Redis-cached answer. No framework, no log, no metrics, no JSON, no errors but one.
 *
 * - `POST /hot`: token looked up by its SHA-256 digest (verified once, then remembered), body read,
 *   one Redis GET of ready bytes.
 * - `POST /plain`: body read, ready bytes from memory; no token, no Redis.
 */
import { createPublicKey, hash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { Redis } from 'ioredis';

/** Arguments: port, Redis URL, key of the bytes in Redis, public key (PEM), plain bytes (base64). */
const [port, redisUrl, bytesKey, publicKeyPem, plainBytes] = process.argv.slice(2);
const redis = new Redis(redisUrl ?? '');
const publicKey = createPublicKey(publicKeyPem ?? '');
const plain = Buffer.from(plainBytes ?? '', 'base64');
const verified = new Set<string>();

function isVerified(header: string | undefined, key: KeyObject): boolean {
  const token = header?.slice('Bearer '.length) ?? '';
  const digest = hash('sha256', token, 'base64url');
  if (verified.has(digest)) {
    return true;
  }
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  const good = verify('sha256', Buffer.from(token.slice(0, end)), key, signature);
  if (good) {
    verified.add(digest);
  }
  return good;
}

function send(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

async function answerHot(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isVerified(request.headers.authorization, publicKey)) {
    response.writeHead(401, { 'content-length': 0 }).end();
    return;
  }
  send(response, (await redis.getBuffer(bytesKey ?? '')) ?? Buffer.alloc(0));
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/hot') {
      void answerHot(request, response);
    } else {
      send(response, plain);
    }
  });
});
server.listen(Number(port), '127.0.0.1');
