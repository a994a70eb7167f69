import type { Response } from 'express';

import type { AuthMode } from '../auth/auth.errors.js';
import type { RelayError } from './relay-error.js';

/** Sent with every answer of the relay's own endpoints. Nothing here may be cached on the way. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** Sends a body as it is: no ETag, no content negotiation, one write. */
export function sendBytes(response: Response, status: number, body: Buffer): void {
  response.writeHead(status, { ...HEADERS, 'content-length': body.length });
  response.end(body);
}

export function sendJson(response: Response, status: number, body: unknown): void {
  sendBytes(response, status, Buffer.from(JSON.stringify(body)));
}

/** The body of a call that found nothing but errors; v1 has an empty `data` beside them. */
export function refusalBody(mode: AuthMode, errors: readonly RelayError[]): object {
  return mode === 'v1' ? { data: {}, errors } : { errors };
}

const OPEN = Buffer.from('{"data":{"sightings":{"count":');
const DOCS = Buffer.from(',"docs":[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']}}}');

/**
 * The envelope around sightings that are bytes already (relay-protocol 1.4): `data` alone, `data`
 * and `errors`, or without any sighting `errors` alone.
 */
export function observeBody(
  documents: readonly Buffer[],
  errors: readonly RelayError[],
  mode: AuthMode,
): Buffer {
  if (documents.length === 0) {
    const body = errors.length > 0 ? refusalBody(mode, errors) : { data: {} };
    return Buffer.from(JSON.stringify(body));
  }
  const parts: Buffer[] = [OPEN, Buffer.from(String(documents.length)), DOCS];
  documents.forEach((document, index) => {
    if (index > 0) {
      parts.push(COMMA);
    }
    parts.push(document);
  });
  parts.push(errors.length > 0 ? Buffer.from(`]}},"errors":${JSON.stringify(errors)}}`) : CLOSE);
  return Buffer.concat(parts);
}
