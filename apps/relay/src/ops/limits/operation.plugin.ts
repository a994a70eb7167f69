import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';

import type { Logger } from '#platform';

import { mayDo } from '../auth/operator.js';
import type { OpsContext } from '../ops.context.js';
import { isOurs, masked, outward } from '../http/error-format.js';
import { OpsError } from '../ops.errors.js';
import { neededRole } from '../schema/access.js';
import { costOf, MOST_COST } from './query-cost.js';

/**
 * Looks at each operation between its validation and its execution: may this operator do it, and is
 * it cheap enough. Tells the cost with the answer, and gives failures their correlation id.
 */
export function operationPlugin(logger: Logger): ApolloServerPlugin<OpsContext> {
  return {
    requestDidStart: () => Promise.resolve(listener(logger)),
  };
}

function listener(logger: Logger): GraphQLRequestListener<OpsContext> {
  let requested: number | undefined;
  return {
    didResolveOperation: ({ schema, document, operation, request, contextValue }) => {
      if (operation === undefined) {
        // A document without the operation that is asked for: the server says so.
        return Promise.resolve();
      }
      const question = { schema, document, operation, variables: request.variables ?? {} };
      requested = costOf(question);
      const needed = neededRole(question);
      if (!mayDo(contextValue.operator.role, needed)) {
        throw outward(new OpsError('FORBIDDEN', `It needs the role ${needed}.`));
      }
      if (requested > MOST_COST) {
        throw outward(
          new OpsError('BAD_USER_INPUT', `It costs ${requested}; the limit is ${MOST_COST}.`),
        );
      }
      return Promise.resolve();
    },
    willSendResponse: ({ response: { body }, errors = [], contextValue }) => {
      const { requestId } = contextValue;
      if (body.kind === 'single') {
        const result = body.singleResult;
        if (requested !== undefined) {
          result.extensions = { ...result.extensions, cost: { requested, limit: MOST_COST } };
        }
        if (result.errors) {
          result.errors = result.errors.map((error) => withId(error, requestId));
        }
      }
      for (const err of errors.filter((error) => !isOurs(error))) {
        const event = 'ops.failed';
        logger.error({ err: masked(err), event, requestId }, 'an operation failed');
      }
      return Promise.resolve();
    },
  };
}

function withId(error: GraphQLFormattedError, correlationId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, correlationId } };
}
