import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';

import { ChangesError } from '#changes';
import { WatchError } from '#watch';

import { HTTP_STATUS, OpsError } from '../ops.errors.js';
import type { OpsErrorCode } from '../ops.errors.js';

/** Longest text of an error: what is wrong with a document quotes it. */
const LONGEST = 500;
const HIDDEN = 'Something went wrong.';
const AWAY = 'A part of the service does not answer. Try again.';

/** Codes of the server's own refusals, all of them the caller's doing. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.BAD_USER_INPUT,
  ApolloServerErrorCode.BAD_REQUEST,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_FOUND,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
]);

/** What ioredis says when Redis does not answer. */
const REDIS_AWAY =
  /^(?:MaxRetriesPerRequestError|ClusterAllFailedError)$|Connection is closed|Command timed out|Stream isn't writeable|ECONN|ETIMEDOUT/;

/** An error as callers see it: a code of the contract, and no word of our inside. */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const { code, message } = told(formatted, unwrapResolverError(error));
  const { locations, path } = formatted;
  return {
    message: message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code },
  };
}

/** A refusal of a whole operation, with its HTTP status. */
export function outward(error: OpsError): GraphQLError {
  const http = { status: HTTP_STATUS[error.code] };
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http },
  });
}

/** Whether an error is one that was foreseen, and so no news for the log. */
export function isOurs(error: unknown): boolean {
  const thrown = unwrapResolverError(error);
  const { originalError, extensions } = error instanceof GraphQLError ? error : {};
  return (
    thrown instanceof OpsError ||
    originalError instanceof OpsError ||
    (thrown instanceof ChangesError && thrown.code === 'bad_cursor') ||
    REFUSALS.has(extensions?.['code'])
  );
}

/** The error that was thrown: GraphQL's wrapper holds the document, which is long. */
export function masked(error: unknown): unknown {
  return unwrapResolverError(error);
}

interface Told {
  readonly code: OpsErrorCode;
  readonly message: string;
}

function told(formatted: GraphQLFormattedError, thrown: unknown): Told {
  const inner = thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : thrown;
  if (inner instanceof OpsError) {
    return inner;
  }
  if (inner instanceof ChangesError && inner.code === 'bad_cursor') {
    return { code: 'BAD_USER_INPUT', message: inner.message };
  }
  if (isAway(inner)) {
    return { code: 'UNAVAILABLE', message: AWAY };
  }
  return REFUSALS.has(formatted.extensions?.['code'])
    ? { code: 'BAD_USER_INPUT', message: formatted.message }
    : { code: 'INTERNAL', message: HIDDEN };
}

function isAway(error: unknown): boolean {
  return (
    (error instanceof Error && (REDIS_AWAY.test(error.name) || REDIS_AWAY.test(error.message))) ||
    (error instanceof WatchError && error.code === 'contended') ||
    (error instanceof ChangesError && error.code === 'contended')
  );
}
