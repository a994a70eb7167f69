import { ApolloDriver } from '@nestjs/apollo';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { Request } from 'express';

import { LOGGER } from '#core';
import { BullmqQueueDesk } from '#jobs';
import type { Logger } from '#platform';

import { OPS_PATH } from '../http/routes.js';
import { OperatorVerifier } from './auth/operator-verifier.js';
import { formatError } from './http/error-format.js';
import { DOCUMENT_LIMITS } from './limits/document-limits.js';
import { operationPlugin } from './limits/operation.plugin.js';
import { OpsConnections } from './ops.connections.js';
import { OpsDesk } from './ops.desk.js';
import { OPS_PROVIDERS } from './ops.providers.js';
import { OPS_RESOLVERS, opsSchema } from './ops.schema.js';

/** Errors of validation that are told; more help nobody. */
const MOST_FAULTS = 10;

/** What the API works with, for its server and its resolvers. */
@Module({
  providers: [...OPS_PROVIDERS],
  exports: [OpsConnections, OperatorVerifier, BullmqQueueDesk, OpsDesk],
})
class OpsPartsModule {}

/** The operators' GraphQL API. Imported only where operators can be verified. */
@Module({
  imports: [
    OpsPartsModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [OpsPartsModule],
      inject: [OpsDesk, LOGGER],
      useFactory: serverOptions,
    }),
  ],
  providers: [...OPS_RESOLVERS],
})
export class OpsModule {}

function serverOptions(desk: OpsDesk, logger: Logger): Omit<ApolloDriverConfig, 'driver'> {
  return {
    path: OPS_PATH,
    autoSchemaFile: true,
    transformAutoSchemaFile: false,
    transformSchema: opsSchema,
    plugins: [operationPlugin(logger)],
    context: ({ req }: { req: Request }) => desk.contextOf(req),
    formatError,
    autoTransformHttpErrors: false,
    // Only operators come as far as this.
    introspection: true,
    graphiql: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: DOCUMENT_LIMITS.tokens },
    validationOptions: { maxErrors: MOST_FAULTS },
  };
}
