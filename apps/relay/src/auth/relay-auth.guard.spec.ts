import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import passport from 'passport';

import { AuthError } from './auth.errors.js';
import { AuthModule } from './auth.module.js';
import type { Caller } from './caller.js';
import { RelayAuthGuard } from './relay-auth.guard.js';
import { TenantDigest } from '#enrichment';
import { JwksServer } from './testing/jwks-server.js';
import { TestClock } from './testing/test-clock.js';
import { forge, platformKey, platformToken } from './testing/token-forge.js';

const AUDIENCE = 'https://relay.example.com';
const platform = platformKey('platform-1');
/** A signature costs the forger nothing when it need not be right. */
const scribble = (): Buffer => Buffer.alloc(256, 1);

interface StubRequest {
  readonly headers: { readonly authorization?: string };
  caller?: Caller;
}

let server: JwksServer;
let relay: INestApplicationContext;
let guard: RelayAuthGuard;

beforeEach(async () => {
  server = await JwksServer.start();
  server.serve([platform.jwk]);
  const { now } = new TestClock();
  const module = AuthModule.register({ publicUrls: [AUDIENCE], jwksHosts: [server.host], now });
  relay = await NestFactory.createApplicationContext(module, { logger: false });
  guard = relay.get(RelayAuthGuard);
});

afterEach(async () => {
  await relay.close();
  await server.stop();
});

function claims(): object {
  return { key: 'invented-key', jwks_host: server.host, aud: AUDIENCE };
}

function requestOf(token: string): StubRequest {
  return { headers: { authorization: `Bearer ${token}` } };
}

function judge(request: StubRequest): true | Promise<true> {
  return guard.canActivate(new ExecutionContextHost([request, {}]));
}

async function reasonOf(token: string): Promise<string> {
  try {
    await judge(requestOf(token));
    return 'accepted';
  } catch (error) {
    return error instanceof AuthError ? error.reason : String(error);
  }
}

describe('RelayAuthGuard', () => {
  it('answers for a token seen before at once, without a promise', async () => {
    const token = platformToken(platform, claims());
    await judge(requestOf(token));
    const request = requestOf(token);
    expect(judge(request)).toBe(true);
    expect(request.caller?.tenant).toBe(relay.get(TenantDigest).of('invented-key'));
  });

  it('refuses at once what no key could make good', () => {
    expect(() => judge({ headers: {} })).toThrow(AuthError);
    expect(() => judge(requestOf('a.b.c'))).toThrow(AuthError);
  });

  it('leaves no caller on a request that it refuses', async () => {
    const request = requestOf(forge({ alg: 'RS256', kid: 'platform-1' }, claims(), scribble));
    await expect(judge(request)).rejects.toMatchObject({ reason: 'bad-signature' });
    expect(request.caller).toBeUndefined();
  });

  it('never tells the token, its claims or its key in an error', async () => {
    const header = { alg: 'RS256', kid: 'canary-kid' };
    const token = forge(header, { ...claims(), key: 'canary-key' }, scribble);
    const error: unknown = await Promise.resolve(judge(requestOf(token))).catch((e: unknown) => e);
    const told = error instanceof Error ? `${error.stack ?? ''} ${JSON.stringify(error)}` : '';
    expect(told).toContain('authorization error');
    expect(told).not.toMatch(/canary/);
    expect(told).not.toContain(token);
  });

  it('asks for the key set at most three times while 10000 tokens name made-up kids', async () => {
    for (let i = 0; i < 10_000; i += 1) {
      const token = forge({ alg: 'RS256', kid: `made-up-${i}` }, claims(), scribble);
      expect(await reasonOf(token)).toBe('unknown-kid');
    }
    expect(server.calls.length).toBeLessThanOrEqual(3);
  });

  it('asks for the key set at most three times while 10000 tokens come and it is away', async () => {
    server.serve('', 503);
    const header = { alg: 'RS256', kid: platform.kid };
    for (let i = 0; i < 10_000; i += 1) {
      const token = forge(header, { ...claims(), jti: i }, scribble);
      expect(await reasonOf(token)).toBe('wrong-jwks-host');
    }
    expect(server.calls.length).toBeLessThanOrEqual(3);
  });

  it('leaves nothing in passport when its relay ends', async () => {
    const names = (): string[] => Object.keys(Reflect.get(passport, '_strategies') as object);
    const open = names().filter((name) => name.startsWith('relay-v'));
    expect(open).toHaveLength(1);
    await relay.close();
    expect(names().filter((name) => name.startsWith('relay-v'))).toEqual([]);
  });
});
