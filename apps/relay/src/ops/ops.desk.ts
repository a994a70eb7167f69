import type { EnrichmentService } from '#enrichment';
import type { Watching } from '#watching';
import type { Request } from 'express';

import type { OperatorRequest } from './http/ops-gate.js';
import { inTime } from './limits/field-deadline.js';
import type { OpsContext } from './ops.context.js';
import { OpsError } from './ops.errors.js';
import { createLoaders } from './ops.loaders.js';

export interface OpsDeskParts {
  /** Whose cache and calls are shown: the digest of the worker's key; undefined while nobody knows it. */
  readonly tenant: () => Promise<string | undefined>;
  readonly open: (tenant: string) => Watching;
  readonly enrichment: Pick<EnrichmentService, 'held'>;
  /** Longest time for one request, in milliseconds. */
  readonly limitMs: number;
}

const NOBODY = '0'.repeat(32);

/** Lays out what one request works with. */
export class OpsDesk {
  readonly #parts: OpsDeskParts;
  readonly #open = new Map<string, Watching>();

  constructor(parts: OpsDeskParts) {
    this.#parts = parts;
  }

  /** @throws OpsError UNAUTHENTICATED for a request that did not come through the gate. */
  async contextOf(request: Request): Promise<OpsContext> {
    const { operator, requestId = '' } = request as OperatorRequest;
    if (operator === undefined) {
      throw new OpsError('UNAUTHENTICATED', 'Send an operator token as a bearer token.');
    }
    const deadline = AbortSignal.timeout(this.#parts.limitMs);
    const watching = await inTime(this.#watching(), deadline);
    const loaders = createLoaders(watching, this.#parts.enrichment.held);
    return { req: request, operator, requestId, watching, loaders, deadline };
  }

  /** Ends the queues; the connections stay open. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((watching) => watching.close()));
  }

  async #watching(): Promise<Watching> {
    const tenant = (await this.#parts.tenant()) ?? NOBODY;
    const watching = this.#open.get(tenant) ?? this.#parts.open(tenant);
    this.#open.set(tenant, watching);
    return watching;
  }
}
