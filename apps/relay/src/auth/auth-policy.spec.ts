import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { AuthPolicy } from './auth-policy.js';
import { AuthError } from './auth.errors.js';

const V1 = { publicUrls: [], jwksHosts: [], secretKey: 'an invented secret' };
const V2 = { publicUrls: ['https://relay.example.com/'], jwksHosts: ['keys.example.com'] };
const BOTH = { ...V2, secretKey: V1.secretKey };
const NEITHER = { publicUrls: [], jwksHosts: [], secretKey: '' };

function verdict(options: ConstructorParameters<typeof AuthPolicy>[0], alg: string): string {
  try {
    return new AuthPolicy(options).modeFor(alg);
  } catch (error) {
    return error instanceof AuthError ? `${error.mode} ${error.reason}` : String(error);
  }
}

describe('AuthPolicy', () => {
  it.each([
    ['v1', V1, 'HS256', 'v1'],
    ['v1', V1, 'HS512', 'v1 wrong-algorithm'],
    ['v1', V1, 'RS256', 'v1 wrong-algorithm'],
    ['v1', V1, 'none', 'v1 wrong-algorithm'],
    ['v2', V2, 'RS256', 'v2'],
    ['v2', V2, 'HS256', 'v2 wrong-algorithm'],
    ['v2', V2, 'none', 'v2 wrong-algorithm'],
    ['v2', V2, 'PS256', 'v2 wrong-algorithm'],
    ['both', BOTH, 'HS256', 'v1'],
    ['both', BOTH, 'HS384', 'v1 wrong-algorithm'],
    ['both', BOTH, 'RS256', 'v2'],
    ['both', BOTH, 'hs256', 'v2 wrong-algorithm'],
    ['both', BOTH, 'none', 'v2 wrong-algorithm'],
    ['neither', NEITHER, 'HS256', 'v1 missing-secret'],
    ['neither', NEITHER, 'RS256', 'v1 missing-secret'],
  ])('with %s judges %j of %s as %s', (_name, options, alg, expected) => {
    expect(verdict(options, alg)).toBe(expected);
  });

  it.each([
    ['v1', V1],
    ['v2', V2],
    ['v1', BOTH],
    ['v1', NEITHER],
  ])('speaks as %s before it knows the algorithm', (mode, options) => {
    expect(new AuthPolicy(options).defaultMode).toBe(mode);
  });

  it('drops final slashes of public URLs, since no audience has one', () => {
    expect(new AuthPolicy(V2).audiences).toEqual(['https://relay.example.com']);
  });

  it('refuses RS256 without an audience', () => {
    expect(() => new AuthPolicy({ ...V2, publicUrls: [] })).toThrow(TypeError);
  });

  it('never prints its secret', () => {
    const policy = new AuthPolicy(BOTH);
    expect(JSON.stringify(policy) + inspect(policy)).not.toContain(V1.secretKey);
  });

  it('has another id for another secret, audience or host', () => {
    const others = [V1, V2, BOTH, { ...BOTH, secretKey: 'another' }];
    expect(new Set(others.map((options) => new AuthPolicy(options).id)).size).toBe(4);
  });
});
