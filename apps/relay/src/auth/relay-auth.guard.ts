import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';

import { TokenVerifier } from './token-verifier.js';

/**
 * Lets a call through when its token is good, with `request.caller` set; else throws an AuthError,
 * which the relay's error filter answers as HTTP 200 (relay-protocol 1.4).
 */
@Injectable()
export class RelayAuthGuard implements CanActivate {
  constructor(private readonly verifier: TokenVerifier) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    return this.verifier.verify(context);
  }
}
