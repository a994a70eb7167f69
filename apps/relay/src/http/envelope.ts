import type { Document } from '#enrichment';
import type { Response } from 'express';

import type { AuthMode } from '../auth/auth.errors.js';
import type { RelayError } from './relay-error.js';
import { cutOffSlowReader } from './slow-reader.js';

/** Sent with every answer of the relay's own endpoints. Nothing here may be cached on the way. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** Sends a body as it is: no ETag, no content negotiation, its pieces in one write, uncopied. */
export function sendBytes(response: Response, status: number, pieces: readonly Buffer[]): void {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.writeHead(status, { ...HEADERS, 'content-length': length });
  response.cork();
  for (const piece of pieces) {
    response.write(piece);
  }
  response.end();
  cutOffSlowReader(response, length);
}

export function sendJson(response: Response, status: number, body: unknown): void {
  sendBytes(response, status, [jsonBytes(body)]);
}

/** The body of a call that found nothing but errors; v1 has an empty `data` beside them. */
export function refusalBody(mode: AuthMode, errors: readonly RelayError[]): object {
  return mode === 'v1' ? { data: {}, errors } : { errors };
}

/**
 * The envelope around sightings that are JSON already (relay-protocol 1.4): `data` alone, `data`
 * and `errors`, or without any sighting `errors` alone.
 *
 * @returns the body in pieces, for {@link sendBytes}.
 */
export function observeBody(
  documents: readonly Document[],
  errors: readonly RelayError[],
  mode: AuthMode,
): readonly Buffer[] {
  if (documents.length === 0) {
    return [jsonBytes(errors.length > 0 ? refusalBody(mode, errors) : { data: {} })];
  }
  const pieces: Buffer[] = [];
  let between = `{"data":{"sightings":{"count":${documents.length},"docs":[`;
  for (const { drawn, end } of documents) {
    pieces.push(Buffer.from(between), drawn);
    between = `${end},`;
  }
  const rest = errors.length > 0 ? `]}},"errors":${JSON.stringify(errors)}}` : ']}}}';
  pieces.push(Buffer.from(between.slice(0, -1) + rest));
  return pieces;
}

function jsonBytes(body: unknown): Buffer {
  return Buffer.from(JSON.stringify(body));
}
