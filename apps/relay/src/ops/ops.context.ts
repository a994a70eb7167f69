import type { Request } from 'express';

import type { Watching } from '#watching';

import type { Operator } from './auth/operator.js';
import type { OpsLoaders } from './ops.loaders.js';

/** What resolvers work with; lives as long as one request. */
export interface OpsContext {
  readonly req: Request;
  readonly operator: Operator;
  /** For logs and answers: the `x-request-id` of the request. */
  readonly requestId: string;
  /** Everything about watching, for the key whose cache and calls are shown. */
  readonly watching: Watching;
  readonly loaders: OpsLoaders;
  /** When the time for this request is over. */
  readonly deadline: AbortSignal;
}
