import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';

import type { Logger } from '#platform';
import type { Response } from 'express';

import { AuthError } from '../auth/auth.errors.js';
import type { CallerRequest } from '../auth/caller.js';
import { refusalBody, sendJson } from './envelope.js';
import { RelayRefusal } from './relay-error.js';
import type { RelayError } from './relay-error.js';
import type { LoggedRequest } from './request-log.js';
import { methodOf } from './routes.js';

/** The bodies of relay-protocol 1.1, letter by letter; a crash names no class of ours. */
const NOT_FOUND = {
  code: 404,
  message:
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  reason: 'werkzeug.exceptions.NotFound',
};
const METHOD_NOT_ALLOWED = {
  code: 405,
  message: 'The method is not allowed for the requested URL.',
  reason: 'werkzeug.exceptions.MethodNotAllowed',
};
const CRASHED = { code: 500, message: 'Something went wrong.', reason: 'InternalError' };

/**
 * Turns whatever a handler throws into the caller's protocol: refusals as HTTP 200 with an error,
 * an unknown path 404, a wrong verb 405, anything else 500 without a word about our inside.
 */
@Catch()
export class RelayExceptionFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() === 'graphql') {
      // Errors of the operators' API have a form of their own.
      throw error;
    }
    const http = host.switchToHttp();
    const request = http.getRequest<CallerRequest & LoggedRequest>();
    const response = http.getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
    } else if (error instanceof AuthError) {
      note(request, `refused: ${error.reason}`);
      sendJson(response, 200, refusalBody(error.mode, [fatal(error.code, error.message)]));
    } else if (error instanceof RelayRefusal) {
      note(request, `refused: ${error.error.code}`);
      sendJson(response, 200, refusalBody(request.caller?.mode ?? 'v2', [error.error]));
    } else if (error instanceof HttpException || isUriError(error)) {
      unrouted(request, response);
    } else {
      this.#logger.error({ err: error, event: 'request.crashed' }, 'a request crashed');
      sendJson(response, 500, CRASHED);
    }
  }
}

/** Nest's own exceptions come from its router alone: nothing of ours throws them. */
function unrouted(request: CallerRequest, response: Response): void {
  const allowed = methodOf(request.path);
  if (allowed === undefined || allowed === request.method) {
    sendJson(response, 404, NOT_FOUND);
    return;
  }
  response.setHeader('allow', allowed);
  sendJson(response, 405, METHOD_NOT_ALLOWED);
}

/** A path that cannot be decoded names nothing. */
function isUriError(error: unknown): boolean {
  return error instanceof URIError;
}

function fatal(code: string, message: string): RelayError {
  return { code, message, type: 'fatal' };
}

function note(request: LoggedRequest, outcome: string): void {
  if (request.notes !== undefined) {
    request.notes.outcome = outcome;
  }
}
