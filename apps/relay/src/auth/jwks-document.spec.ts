import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { readKeySet } from './jwks-document.js';
import { platformKey } from './testing/token-forge.js';

const { jwk } = platformKey('one');
const weak = platformKey('weak', 1_024).jwk;
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  format: 'jwk',
});

function kidsOf(...keys: unknown[]): string[] {
  return [...readKeySet(JSON.stringify({ keys })).keys.keys()];
}

describe('readKeySet', () => {
  it('reads RSA keys by their kid', () => {
    expect(kidsOf(jwk, { ...jwk, kid: 'two' })).toEqual(['one', 'two']);
  });

  it('takes a key that names neither algorithm nor use', () => {
    const { kty, n, e } = jwk;
    expect(kidsOf({ kty, n, e, kid: 'bare' })).toEqual(['bare']);
  });

  it('takes only the public half of an entry that shows too much', () => {
    const { privateKey } = platformKey('leak');
    const text = JSON.stringify({
      keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'leak' }],
    });
    expect(readKeySet(text).keys.get('leak')?.type).toBe('public');
  });

  it.each([
    ['weak', weak],
    ['for encryption', { ...jwk, kid: 'x', use: 'enc' }],
    ['for another algorithm', { ...jwk, kid: 'x', alg: 'RS512' }],
    ['elliptic', { ...elliptic, kid: 'x' }],
    ['symmetric', { kty: 'oct', k: 'aW52ZW50ZWQ', kid: 'x' }],
    ['without a modulus', { kty: 'RSA', e: 'AQAB', kid: 'x' }],
    ['of exponent one', { ...jwk, kid: 'x', e: 'AQ' }],
    ['not base64', { ...jwk, kid: 'x', n: '!' }],
    ['a second one of its kid', { ...weak, kid: 'one' }],
  ])('passes over an entry that is %s', (_name, entry) => {
    expect(kidsOf(jwk, entry)).toEqual(['one']);
  });

  it.each([
    ['nothing', ''],
    ['HTML', '<html>'],
    ['21 keys', JSON.stringify({ keys: Array.from({ length: 21 }, () => jwk) })],
  ])('finds %s unreadable', (_name, text) => {
    expect(() => readKeySet(text)).toThrow(expect.objectContaining({ code: 'unreachable' }));
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['no keys', '{}'],
    ['keys that are no list', '{"keys":{}}'],
    ['only an entry without kid', JSON.stringify({ keys: [{ ...jwk, kid: undefined }] })],
    ['only an entry whose kid is a number', JSON.stringify({ keys: [{ ...jwk, kid: 1 }] })],
    ['only an entry that is null', '{"keys":[null]}'],
  ])('finds %s to be no key set', (_name, text) => {
    expect(() => readKeySet(text)).toThrow(expect.objectContaining({ code: 'structure' }));
  });

  it('uses the named keys beside an entry without kid, and tells of it', () => {
    const set = readKeySet(JSON.stringify({ keys: [{ ...jwk, kid: undefined }, jwk] }));
    expect([...set.keys.keys()]).toEqual(['one']);
    expect(set.hasNameless).toBe(true);
  });

  it('believes an empty list: every key was withdrawn', () => {
    expect(readKeySet('{"keys":[]}')).toMatchObject({ hasNameless: false });
  });

  it('never quotes what it read in its errors', () => {
    expect(() => readKeySet('secret-looking text')).not.toThrow(/secret-looking/);
    expect(() => readKeySet('secret-looking text')).toThrow('The JWKS is not JSON');
  });
});
