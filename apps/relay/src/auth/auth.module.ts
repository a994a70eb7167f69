import { TenantDigest } from '#enrichment';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

import { AuthPolicy } from './auth-policy.js';
import type { AuthPolicyOptions } from './auth-policy.js';
import { Hs256Strategy } from './hs256.strategy.js';
import { JwksClient } from './jwks.client.js';
import type { JwksClientOptions } from './jwks.client.js';
import { RelayAuthGuard } from './relay-auth.guard.js';
import { Rs256Strategy } from './rs256.strategy.js';
import { StrategyGuard } from './strategy.guard.js';
import { TokenMemory } from './token-memory.js';
import { TokenVerifier } from './token-verifier.js';

export interface AuthModuleOptions extends AuthPolicyOptions {
  /** The key of {@link TenantDigest}; the same in all processes that share a cache. */
  readonly digestKey?: string | undefined;
  readonly now?: () => number;
  readonly fetch?: typeof globalThis.fetch;
  readonly onJwksFault?: JwksClientOptions['onFault'];
}

/** The tokens of SecureX/XDR calls: import it where {@link RelayAuthGuard} guards a route. */
@Module({})
export class AuthModule {
  /** @throws TypeError when the options cannot work; the message names the option. */
  static register(options: AuthModuleOptions): DynamicModule {
    const policy = new AuthPolicy(options);
    const tenants = new TenantDigest(options.digestKey);
    return {
      module: AuthModule,
      providers: [
        RelayAuthGuard,
        { provide: TenantDigest, useValue: tenants },
        { provide: TokenVerifier, useFactory: () => verifierOf(policy, tenants, options) },
      ],
      // A guard is built in the module of its route, so what it needs has to be there too.
      exports: [RelayAuthGuard, TenantDigest, TokenVerifier],
    };
  }
}

function verifierOf(
  policy: AuthPolicy,
  tenants: TenantDigest,
  options: AuthModuleOptions,
): TokenVerifier {
  const { now = Date.now, fetch = globalThis.fetch, jwksHosts: hosts, onJwksFault } = options;
  const jwks = new JwksClient({ hosts, fetch, now, onFault: onJwksFault });
  const { audiences, secret } = policy;
  const rs256 = new Rs256Strategy({ audiences, jwks, tenants, now });
  const v2 = new StrategyGuard('v2', rs256);
  const guards = secret
    ? { v1: new StrategyGuard('v1', new Hs256Strategy(secret, tenants, now)), v2 }
    : { v2 };
  return new TokenVerifier({ policy, memory: new TokenMemory(policy.id, now), guards });
}
