import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from deciding that what a handler makes lives long. It decides so, for good, when some
 * requests in a row wait long (for a first key set, for upstream): from then on the argument lists
 * of handlers are made old, and each keeps its finished request until the next full collection. A
 * relay that answers from memory then spends a quarter of its time copying finished requests
 * (docs/performance.md). Call it first in a process.
 */
export function keepRequestsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
