import type { Halt, HaltScope } from './halt.js';

/** Where all processes see what is halted. */
export interface HaltStore {
  /** In no order. */
  read(tenant: string): Promise<readonly Halt[]>;
  /**
   * Puts `after` in the place of `before`, undefined being none, in one step.
   *
   * @returns false when it is not `before` any more; then nothing is changed.
   */
  replace(
    tenant: string,
    scope: HaltScope,
    change: { readonly before: Halt | undefined; readonly after: Halt | undefined },
  ): Promise<boolean>;
}
