import { randomUUID } from 'node:crypto';

import type { Logger } from '#platform';
import type { NextFunction, Request, Response } from 'express';

import { isOurPath } from './routes.js';

/** What the handler of a request adds to its log line. */
export interface RequestNotes {
  outcome?: string;
  tenant?: string;
  /** The subject of an operator's token. */
  operator?: string;
  observables?: number;
  upstreamCalls?: number;
  /** Age of the oldest answer that was served. */
  ageMs?: number;
}

export interface LoggedRequest extends Request {
  notes?: RequestNotes;
  /** As it is given back in `x-request-id`. */
  requestId?: string;
}

/** A caller's own id is taken when it cannot break a log line or a header. */
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

/** Probes and scrapes come every few seconds and say nothing. */
const QUIET = new Set(['/livez', '/readyz', '/metrics', '/watchdog']);

/**
 * One line a request, when it is answered: who, what, outcome, age, upstream calls, duration. Takes
 * the caller's `x-request-id` or makes one, and gives it back.
 */
export function requestLog(logger: Logger) {
  return (request: LoggedRequest, response: Response, next: NextFunction): void => {
    const started = performance.now();
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && ACCEPTABLE_ID.test(given) ? given : randomUUID();
    const notes: RequestNotes = {};
    request.notes = notes;
    request.requestId = requestId;
    response.setHeader('x-request-id', requestId);
    response.once('close', () => {
      logger[QUIET.has(request.path) ? 'debug' : 'info']({
        event: 'request',
        requestId,
        method: request.method,
        // A path that is not ours may hold anything, even a secret put there by mistake.
        path: isOurPath(request.path) ? request.path : '(unknown)',
        status: response.statusCode,
        aborted: response.writableFinished ? undefined : true,
        durationMs: Math.round((performance.now() - started) * 100) / 100,
        ...notes,
      });
    });
    next();
  };
}
