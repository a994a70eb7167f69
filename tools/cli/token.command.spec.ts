import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';

import { run, valueOf } from './testing/cli-bench.js';
import type { CliRun } from './testing/cli-bench.js';

const KEY = 'canary-key-0123456789';
const piped = (text: string): { stdin: Readable } => ({ stdin: Readable.from([text]) });

async function claimsOf(result: CliRun): Promise<Record<string, unknown>> {
  const secret = new TextEncoder().encode(valueOf('SECRET_KEY', result));
  const currentDate = new Date('2026-01-02T00:00:00Z');
  const token = valueOf('TOKEN', result);
  return (await jwtVerify(token, secret, { algorithms: ['HS256'], currentDate })).payload;
}

describe('token', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cli-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function file(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  it('signs a piped key with a new secret of 64 letters and digits', async () => {
    const result = await run(['token'], piped(`${KEY}\n`));
    expect(result.exitCode).toBe(0);
    expect(valueOf('SECRET_KEY', result)).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(await claimsOf(result)).toMatchObject({ key: KEY });
  });

  it('reads key and secret from files', async () => {
    const secret = 's'.repeat(40);
    const args = ['--key-file', await file('key', ` ${KEY}\n`)];
    args.push('--secret-file', await file('secret', `${secret}\n`));
    const result = await run(['token', ...args]);
    expect(valueOf('SECRET_KEY', result)).toBe(secret);
    expect(await claimsOf(result)).toMatchObject({ key: KEY });
  });

  it('puts pages and expiry into the claims', async () => {
    const args = ['token', '--pages', '0', '--all-pages', '--expires', '90d'];
    expect(await claimsOf(await run(args, piped(KEY)))).toMatchObject({
      NUMBER_OF_PAGES: 0,
      GET_ALL_PAGES: true,
      exp: Date.parse('2026-04-01T00:00:00Z') / 1000,
    });
  });

  it('leaves out the claims that were not asked for', async () => {
    const claims = await claimsOf(await run(['token'], piped(KEY)));
    expect(Object.keys(claims).sort()).toEqual(['iat', 'key']);
  });

  it('names the page of the module in each of the three regions', async () => {
    const { printed } = await run(['token'], piped(KEY));
    const pages = printed.filter((line) => /^# {3}(US|EU|APJC): https:/.test(line));
    expect(pages.map((line) => line.split('/').at(-2))).toEqual([
      '80b90eb0-a856-4251-b857-ab9ebdf917ae',
      '6bb4e5c7-baad-415b-9ce8-e9dddc715b4e',
      '0c411bb0-6c96-44a6-afbf-f3d483046d2d',
    ]);
  });

  it('takes a typed key and shows none of it', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.write(`${KEY}\n`);
    const result = await run(['token'], { stdin });
    expect(await claimsOf(result)).toMatchObject({ key: KEY });
    expect(result.remarked).not.toContain('canary');
  });

  it.each([
    ['nothing at all', ''],
    ['blanks only', ' \n'],
    ['a line break inside', 'one\ntwo'],
    ['letters that no header carries', 'ключ'],
  ])('refuses %s as a key', async (_, text) => {
    const result = await run(['token'], piped(text));
    expect(result.exitCode).toBe(1);
    expect(result.printed).toEqual([]);
  });

  it('refuses a secret too short for HS256, without repeating it', async () => {
    const args = ['--secret-file', await file('secret', 'canary-short')];
    const result = await run(['token', ...args], piped(KEY));
    expect(result.exitCode).toBe(1);
    expect(result.remarked).toMatch(/too short/);
    expect(result.remarked).not.toContain('canary');
  });

  it('says which file cannot be read', async () => {
    const result = await run(['token', '--key-file', join(folder, 'missing')]);
    expect(result.exitCode).toBe(1);
    expect(result.remarked).toBe(`cannot read ${join(folder, 'missing')}: ENOENT\n`);
  });

  it.each([
    ['--pages', '101'],
    ['--pages', '-1'],
    ['--expires', '90'],
    ['--expires', '0d'],
    ['--audience', 'relay.example.com'],
    ['--jwks-host', 'https://keys.example.com'],
    ['--key', KEY],
  ])('refuses %s %s', async (option, value) => {
    expect((await run(['token', option, value], piped(KEY))).exitCode).toBe(2);
  });

  describe('--rs256', () => {
    const RS256 = ['token', '--rs256', '--jwks-host', 'keys.example.com'];
    const AUDIENCE = ['--audience', 'https://relay.example.com/'];

    it('makes a token that its key set verifies', async () => {
      const result = await run([...RS256, ...AUDIENCE], piped(KEY));
      const jwks = JSON.parse(valueOf('JWKS', result).slice(1, -1)) as JSONWebKeySet;
      const { payload } = await jwtVerify(valueOf('TOKEN', result), createLocalJWKSet(jwks), {
        algorithms: ['RS256'],
        audience: 'https://relay.example.com',
      });
      expect(payload).toMatchObject({ key: KEY, jwks_host: 'keys.example.com' });
      expect(decodeProtectedHeader(valueOf('TOKEN', result)).kid).toBe(jwks.keys[0]?.kid);
      expect(Object.keys(jwks.keys[0] ?? {}).sort()).toEqual([
        'alg',
        'e',
        'kid',
        'kty',
        'n',
        'use',
      ]);
    });

    it('keeps the private key for its owner when told where', async () => {
      const out = join(folder, 'keys');
      await run([...RS256, ...AUDIENCE, '--out', out], piped(KEY));
      const pem = join(out, 'private-key.pem');
      expect(await readFile(pem, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
      expect((await stat(pem)).mode & 0o777).toBe(0o600);
      expect(await readFile(join(out, 'jwks.json'), 'utf8')).not.toContain('"d"');
    });

    it('wants to know the audience', async () => {
      const result = await run(RS256, piped(KEY));
      expect(result.exitCode).toBe(2);
      expect(result.remarked).toBe('--rs256 needs --audience URL and --jwks-host HOST\n');
    });
  });
});
