import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

import type { Settle } from '../traffic/request-log.js';
import { JSON_TYPE, type Reply } from '../vendor/reply.js';
import { sendHead, sendReply } from '../vendor/sending.js';
import { htmlReply, malformedReply, shapeReply, statusReply } from './fault-replies.js';
import type { FaultKind, FaultRule } from './fault-rule.js';

/** One faulty answer to be given. */
export interface Delivery {
  readonly rule: FaultRule;
  readonly response: ServerResponse;
  readonly settle: Settle;
  /** Asks for the answer that would have been given; costs the key a call. */
  readonly usual: () => Reply;
  /** Ends all waiting when the simulator closes. */
  readonly signal: AbortSignal;
}

const DEFAULT_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const DEFAULT_DELAY_MS = 1000;
const DEFAULT_DRIP_MS = 100;

function send(delivery: Delivery, reply: Reply): void {
  delivery.settle(reply.status);
  sendReply(delivery.response, reply);
}

/** Sends headers that announce the whole body, then half of it. */
function sendHalf({ response, settle, usual }: Delivery): Promise<void> {
  const reply = usual();
  settle(reply.status);
  sendHead(response, reply);
  return new Promise((resolve) => {
    response.write(reply.body.subarray(0, Math.ceil(reply.body.length / 2)), () => {
      resolve();
    });
  });
}

async function truncate(delivery: Delivery): Promise<void> {
  await sendHalf(delivery);
  delivery.response.socket?.end();
}

async function drip({ rule, response, settle, usual, signal }: Delivery): Promise<void> {
  const reply = usual();
  settle(reply.status);
  sendHead(response, reply);
  for (const byte of reply.body) {
    if (response.destroyed) {
      return;
    }
    response.write(Buffer.of(byte));
    await sleep(rule.delayMs ?? DEFAULT_DRIP_MS, undefined, { signal });
  }
  response.end();
}

function* chunksOf(text: string, bytes: number): Generator<Buffer> {
  const chunk = Buffer.from(text.repeat(Math.max(1, Math.floor(CHUNK_BYTES / text.length))));
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    yield chunk;
  }
}

function* hugeHistory(bytes: number): Generator<Buffer> {
  const record =
    '{"values":[],"type":"a","organizations":[],"last_seen":"2020-01-01","first_seen":"2020-01-01"}';
  yield Buffer.from('{"type":"a/ipv4","records":[');
  yield* chunksOf(`${record},`, bytes);
  yield Buffer.from(`${record}],"pages":1}`);
}

function* hugeText(bytes: number): Generator<Buffer> {
  yield Buffer.from('{"padding":"');
  yield* chunksOf(' ', bytes);
  yield Buffer.from('"}');
}

function huge({ rule, response, settle, signal }: Delivery): Promise<void> {
  const { status = 200, bytes = DEFAULT_BYTES } = rule;
  settle(status);
  response.writeHead(status, { 'content-type': JSON_TYPE });
  return pipeline(Readable.from(hugeHistory(bytes)), response, { signal });
}

function gzipBomb({ rule, response, settle, signal }: Delivery): Promise<void> {
  const { status = 200, bytes = DEFAULT_BYTES } = rule;
  settle(status);
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' });
  return pipeline(Readable.from(hugeText(bytes)), createGzip(), response, { signal });
}

function redirect({ rule, response, settle }: Delivery): void {
  const { status = 302, body } = rule;
  settle(status);
  response.writeHead(status, { location: typeof body === 'string' ? body : '/v1/ping' });
  response.end();
}

const DELIVER: Readonly<Record<FaultKind, (delivery: Delivery) => Promise<void> | void>> = {
  status: (delivery) => {
    send(delivery, statusReply(delivery.rule));
  },
  delay: (delivery) => {
    send(delivery, delivery.usual());
  },
  'hang-headers': () => undefined,
  'hang-body': sendHalf,
  drip,
  reset: ({ response }) => {
    response.socket?.resetAndDestroy();
  },
  truncated: truncate,
  huge,
  malformed: (delivery) => {
    send(delivery, malformedReply(delivery.rule, delivery.usual()));
  },
  html: (delivery) => {
    send(delivery, htmlReply(delivery.rule));
  },
  redirect,
  'gzip-bomb': gzipBomb,
  shape: (delivery) => {
    send(delivery, shapeReply(delivery.rule));
  },
};

function delayOf({ kind, delayMs }: FaultRule): number {
  // A drip's delay lies between its bytes.
  return kind === 'drip' ? 0 : (delayMs ?? (kind === 'delay' ? DEFAULT_DELAY_MS : 0));
}

/**
 * Answers a request in the way of a rule. Rejects when the caller goes away or the simulator closes
 * in the middle of it.
 */
export async function deliverFault(delivery: Delivery): Promise<void> {
  const delayMs = delayOf(delivery.rule);
  if (delayMs > 0) {
    await sleep(delayMs, undefined, { signal: delivery.signal });
  }
  await DELIVER[delivery.rule.kind](delivery);
}
