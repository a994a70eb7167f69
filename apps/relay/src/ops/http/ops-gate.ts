import type { NextFunction, Response } from 'express';

import { BODY_LIMIT } from '../../http/raw-body.js';
import type { BodyRequest } from '../../http/raw-body.js';
import type { LoggedRequest } from '../../http/request-log.js';
import type { OperatorVerifier } from '../auth/operator-verifier.js';
import type { Operator } from '../auth/operator.js';
import { readDocument } from '../limits/document-limits.js';
import { HTTP_STATUS, OpsError } from '../ops.errors.js';

/** A request behind the gate: who sends it is known. */
export interface OperatorRequest extends BodyRequest, LoggedRequest {
  operator?: Operator;
}

const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/**
 * Stands before the GraphQL server: only operators pass, with one document of a reasonable size. What
 * it refuses never reaches the server.
 */
export function opsGate(verifier: Pick<OperatorVerifier, 'verify'>) {
  return async (request: OperatorRequest, response: Response, next: NextFunction) => {
    try {
      request.operator = await verifier.verify(request.headers.authorization);
      note(request, request.operator);
      if (request.method === 'POST') {
        request.body = bodyOf(request);
      }
      checkDocument(request.method === 'POST' ? request.body : request.query);
    } catch (error) {
      refuse(request, response, error);
      return;
    }
    next();
  };
}

function note({ notes }: OperatorRequest, { subject }: Operator): void {
  if (notes !== undefined) {
    notes.operator = subject;
  }
}

/** @throws OpsError */
function bodyOf(request: OperatorRequest): object {
  if (request.rawBody === undefined) {
    throw new TooLarge();
  }
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new UnsupportedMediaType();
  }
  const body = parseJson(request.rawBody);
  if (typeof body !== 'object' || body === null) {
    throw new OpsError('BAD_USER_INPUT', 'The body is not a JSON object.');
  }
  if (Array.isArray(body)) {
    throw new OpsError('BAD_USER_INPUT', 'Batches are not served: send one operation a request.');
  }
  return body;
}

class TooLarge extends OpsError {
  constructor() {
    super('BAD_USER_INPUT', `The body is over the limit of ${BODY_LIMIT} bytes.`);
  }
}

class UnsupportedMediaType extends OpsError {
  constructor() {
    super('BAD_USER_INPUT', 'Send the operation as application/json.');
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new OpsError('BAD_USER_INPUT', 'The body is not JSON.');
  }
}

/** What has no document at all, the server refuses in its own words. */
function checkDocument(given: unknown): void {
  const source = (given as { readonly query?: unknown }).query;
  if (typeof source === 'string') {
    readDocument(source);
  }
}

function refuse(request: OperatorRequest, response: Response, error: unknown): void {
  const known =
    error instanceof OpsError ? error : new OpsError('INTERNAL', 'Something went wrong.');
  const { code, message } = known;
  const correlationId = request.requestId;
  const status = statusOf(known);
  if (status === 401) {
    response.setHeader('www-authenticate', 'Bearer');
  }
  const isModern = (request.headers.accept ?? '').includes(GRAPHQL_RESPONSE);
  response
    .status(status)
    .setHeader('content-type', `${isModern ? GRAPHQL_RESPONSE : 'application/json'}; charset=utf-8`)
    .setHeader('cache-control', 'no-store')
    .end(JSON.stringify({ errors: [{ message, extensions: { code, correlationId } }] }));
}

function statusOf(error: OpsError): number {
  if (error instanceof TooLarge) {
    return 413;
  }
  return error instanceof UnsupportedMediaType ? 415 : HTTP_STATUS[error.code];
}
