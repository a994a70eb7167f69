import { describe, expect, it } from '@jest/globals';
import jsonwebtoken from 'jsonwebtoken';

import { AuthError } from './auth.errors.js';
import { authErrorOf } from './jwt-faults.js';

/** The failure that the library itself gives for a token, so a new wording of it is noticed. */
function failureOf(token: string, options: jsonwebtoken.VerifyOptions): unknown {
  try {
    return jsonwebtoken.verify(token, 'an invented secret', options);
  } catch (error) {
    return error;
  }
}

const TOKEN = jsonwebtoken.sign({ aud: 'https://a.example.com' }, 'an invented secret');
const OTHER = jsonwebtoken.sign({}, 'another secret');

describe('authErrorOf', () => {
  it.each([
    ['jwt malformed', 'token-structure', failureOf('a.b', {})],
    ['invalid token', 'token-structure', failureOf('a.b.c', {})],
    ['invalid algorithm', 'wrong-algorithm', failureOf(TOKEN, { algorithms: ['HS384'] })],
    ['invalid signature', 'bad-signature', failureOf(OTHER, {})],
    ['jwt signature is required', 'bad-signature', failureOf(TOKEN.replace(/[^.]*$/, ''), {})],
    [
      'jwt audience invalid',
      'wrong-audience',
      failureOf(TOKEN, { audience: 'https://b.example.com' }),
    ],
  ])('takes the library’s %j for %s', (message, reason, failure) => {
    expect(failure).toMatchObject({ message: expect.stringContaining(message) });
    const error = authErrorOf('v2', failure);
    expect(error).toMatchObject({ mode: 'v2', reason });
    expect(error.cause).toBeUndefined();
  });

  it('takes whatever else for a token that was not verified, and keeps the cause', () => {
    const failure = new RangeError('out of order');
    expect(authErrorOf('v1', failure)).toMatchObject({ reason: 'bad-signature', cause: failure });
    expect(authErrorOf('v2', undefined)).toMatchObject({ reason: 'bad-signature' });
  });

  it('has words of v1 for every failure', () => {
    const failure = failureOf(TOKEN, { audience: 'https://b.example.com' });
    expect(authErrorOf('v1', failure)).toMatchObject({ mode: 'v1', reason: 'bad-signature' });
  });

  it('hands an AuthError on as it is', () => {
    const error = AuthError.of('v2', 'expired');
    expect(authErrorOf('v2', error)).toBe(error);
  });
});
