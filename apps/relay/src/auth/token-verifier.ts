import { Injectable } from '@nestjs/common';
import type { ExecutionContext, OnModuleDestroy } from '@nestjs/common';

import type { AuthPolicy } from './auth-policy.js';
import { AuthError } from './auth.errors.js';
import type { AuthMode } from './auth.errors.js';
import { readToken, tokenText } from './bearer-token.js';
import type { BearerToken } from './bearer-token.js';
import type { Caller, CallerRequest } from './caller.js';
import type { StrategyGuard } from './strategy.guard.js';
import type { TokenMemory } from './token-memory.js';

export interface TokenVerifierParts {
  readonly policy: AuthPolicy;
  readonly memory: TokenMemory;
  /** A guard for each mode that the policy has a key for. */
  readonly guards: Readonly<Partial<Record<AuthMode, StrategyGuard>>>;
}

/** Finds out who calls: from memory when the token was verified lately, else by its strategy. */
@Injectable()
export class TokenVerifier implements OnModuleDestroy {
  readonly #parts: TokenVerifierParts;

  constructor(parts: TokenVerifierParts) {
    this.#parts = parts;
  }

  /**
   * Leaves `caller` on the request; for a remembered token without a promise.
   *
   * @throws AuthError also synchronously, for what is refused without a key.
   */
  verify(context: ExecutionContext): true | Promise<true> {
    const { policy, memory } = this.#parts;
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const text = tokenText(request.headers.authorization, policy);
    const key = memory.keyOf(text);
    const caller = memory.recall(key);
    if (caller !== undefined) {
      request.caller = caller;
      return true;
    }
    request.bearer = readToken(text, policy);
    return this.#verifyUnknown(request.bearer, key, context);
  }

  onModuleDestroy(): void {
    for (const guard of Object.values(this.#parts.guards)) {
      guard.release();
    }
  }

  async #verifyUnknown(token: BearerToken, key: string, context: ExecutionContext): Promise<true> {
    const { memory } = this.#parts;
    try {
      memory.accept(key, await this.#askStrategy(token, context), token.validity);
      return true;
    } catch (error) {
      if (error instanceof AuthError) {
        memory.refuse(key, error);
      }
      throw error;
    }
  }

  async #askStrategy({ mode }: BearerToken, context: ExecutionContext): Promise<Caller> {
    await this.#parts.guards[mode]?.canActivate(context);
    const { caller } = context.switchToHttp().getRequest<CallerRequest>();
    // Fails closed: what no strategy vouched for is nobody.
    if (caller === undefined) {
      throw AuthError.of(mode, 'bad-signature');
    }
    return caller;
  }
}
