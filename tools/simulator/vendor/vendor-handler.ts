import type { IncomingMessage, ServerResponse } from 'node:http';

import type { KeyRing } from '../accounts/key-ring.js';
import type { FaultBook } from '../faults/fault-book.js';
import { deliverFault } from '../faults/fault-delivery.js';
import type { VirtualClock } from '../time/virtual-clock.js';
import type { RequestLog, Settle } from '../traffic/request-log.js';
import type { Answers } from './answers.js';
import { readListRequest } from './list-body.js';
import { readQuestion, type Question } from './question.js';
import { errorReply, QUOTA_REPLY, type Reply } from './reply.js';
import { readBody, sendReply } from './sending.js';

const BODY_LIMIT = 64 * 1024;

/** The parts a vendor request passes: log, faults, keys, answers. */
export interface VendorParts {
  readonly answers: Answers;
  readonly keys: KeyRing;
  readonly faults: FaultBook;
  readonly log: RequestLog;
  readonly clock: VirtualClock;
  readonly signal: AbortSignal;
}

interface Asked extends Question {
  readonly method: string;
  readonly key: string;
  readonly requestId: string;
  readonly body: string;
  readonly subject: string;
}

// The header's name ignores case; the query parameter is discouraged but taken (securitytrails-api 1.2).
function keyOf(request: IncomingMessage, question: Question): string {
  const header = request.headers['apikey'];
  return typeof header === 'string' ? header : (question.query?.get('apikey') ?? '');
}

function requestIdOf({ headers }: IncomingMessage): string {
  const id = headers['x-request-id'];
  return typeof id === 'string' ? id : '';
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const { method = 'GET', url = '/' } = request;
  const question = readQuestion(method, url);
  const isList = question.endpoint === 'list';
  const body = isList ? ((await readBody(request, BODY_LIMIT)) ?? '') : '';
  const subject = isList ? (readListRequest(body)?.canonical ?? '') : question.host;
  const [key, requestId] = [keyOf(request, question), requestIdOf(request)];
  return { ...question, method, key, requestId, body, subject };
}

/** Plays `/v1`: every request is logged, then hit by a fault or answered. */
export class VendorHandler {
  readonly #parts: VendorParts;

  constructor(parts: VendorParts) {
    this.#parts = parts;
  }

  /** Answers one request. Rejects when the connection ends before the answer does. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readAsked(request);
    const key = asked.key === '' ? '' : this.#parts.keys.digestOf(asked.key);
    const settle = this.#log(asked, key);
    const { endpoint, recordType, page, subject } = asked;
    const rule = this.#parts.faults.take({ endpoint, recordType, page, host: subject, key });
    const usual = (): Reply => this.#reply(asked);
    if (rule !== undefined) {
      const { signal } = this.#parts;
      await deliverFault({ rule, response, settle, usual, signal });
      return;
    }
    const reply = usual();
    settle(reply.status);
    sendReply(response, reply);
  }

  #log({ method, path, page, endpoint, subject, requestId }: Asked, key: string): Settle {
    const at = this.#parts.clock.wallNow();
    return this.#parts.log.begin({ at, method, path, page, key, endpoint, subject, requestId });
  }

  #reply(asked: Asked): Reply {
    const { keys, answers } = this.#parts;
    const admission = keys.admit(asked.key);
    switch (admission) {
      case 'unknown-key':
        return errorReply(401);
      case 'throttled':
        return errorReply(429);
      case 'quota-used-up':
        return QUOTA_REPLY;
      case 'admitted':
        return answers.reply({ ...asked, usage: keys.usage(asked.key) ?? { used: 0, monthly: 0 } });
    }
  }
}
