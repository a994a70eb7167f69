import type { InvalidationBus } from '../invalidation-bus.port.js';

/** A bus of one process: nobody else writes, so there is nothing to hear. */
export class LocalInvalidationBus implements InvalidationBus {
  readonly connected = true;

  publish(): Promise<void> {
    return Promise.resolve();
  }

  subscribe(): void {
    // Nobody to hear.
  }
}
