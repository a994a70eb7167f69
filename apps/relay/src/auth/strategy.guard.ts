import { AuthGuard } from '@nestjs/passport';
import passport from 'passport';
import type { Strategy } from 'passport';

import type { AuthMode } from './auth.errors.js';
import type { Caller } from './caller.js';
import { authErrorOf } from './jwt-faults.js';

const PassportGuard = AuthGuard();

/** Passport finds strategies by name in one place per process; a number keeps two relays apart. */
let registered = 0;

/** Runs one mode's strategy: leaves the caller on the request, or throws an AuthError. */
export class StrategyGuard extends PassportGuard {
  readonly #mode: AuthMode;
  readonly #name: string;

  constructor(mode: AuthMode, strategy: Strategy) {
    registered += 1;
    const name = `relay-${mode}-${registered}`;
    super({ defaultStrategy: name, property: 'caller' });
    this.#mode = mode;
    this.#name = name;
    passport.use(name, strategy);
  }

  override handleRequest<TUser = Caller>(
    error: unknown,
    caller: TUser | false | null | undefined,
    failure: unknown,
  ): TUser {
    if (error instanceof Error) {
      throw error;
    }
    if (caller === false || caller === null || caller === undefined) {
      throw authErrorOf(this.#mode, failure);
    }
    return caller;
  }

  /** Takes the strategy out of passport's list again. */
  release(): void {
    passport.unuse(this.#name);
  }
}
