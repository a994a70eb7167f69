import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { moduleTypeSchema } from './module-type.schema.js';
import type { ModuleType } from './module-type.schema.js';
import { run } from './testing/cli-bench.js';

const BASE = ['module-type', '--url', 'https://relay.example.com/st/', '--region', 'eu'];

async function moduleType(...args: string[]): Promise<ModuleType> {
  const { printed } = await run([...BASE, ...args]);
  return moduleTypeSchema.parse(JSON.parse(printed.join('\n')));
}

const keysOf = (type: ModuleType): string[] =>
  (type.configuration_spec ?? []).map(({ key }) => key);

describe('module-type', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cli-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('keeps the three settings that the platform turns into claims', async () => {
    const keys = ['custom_key', 'custom_NUMBER_OF_PAGES', 'custom_GET_ALL_PAGES'];
    expect(keysOf(await moduleType())).toEqual(keys);
  });

  it('names the relay’s URL without the slash that no audience has', async () => {
    expect((await moduleType()).properties).toEqual({
      url: 'https://relay.example.com/st',
      'supported-apis': ['health', 'observe/observables', 'refer/observables'],
      'auth-type': 'configuration-token',
      'configuration-token-alg': 'RS256',
      'configuration-token-audience': 'https://relay.example.com/st',
      custom_jwks_host: 'visibility.eu.amp.cisco.com',
    });
  });

  it.each([
    ['us', 'visibility.amp.cisco.com'],
    ['apjc', 'visibility.apjc.amp.cisco.com'],
  ])('trusts the keys of region %s', async (region, host) => {
    expect((await moduleType('--region', region)).properties).toMatchObject({
      custom_jwks_host: host,
    });
  });

  it('shares the secret with the platform for HS256', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, `${'s'.repeat(64)}\n`);
    expect((await moduleType('--auth', 'hs256', '--secret-file', file)).properties).toMatchObject({
      'configuration-token-alg': 'HS256',
      'configuration-token-key': 's'.repeat(64),
    });
  });

  it('asks for a token instead of a key with a fixed bearer', async () => {
    const type = await moduleType('--auth', 'bearer');
    expect(keysOf(type)).toEqual(['token']);
    expect(type.properties).toMatchObject({ 'auth-type': 'bearer' });
    expect(type.tips).toContain('Paste the token');
  });

  it('has tips that say what to do, step by step, and name the URL', async () => {
    const { tips = '' } = await moduleType();
    expect(tips).toMatch(/^1\. .+\n2\. /m);
    expect(tips).toContain('`https://relay.example.com/st`');
    expect(tips).toContain('Cisco XDR\n(formerly SecureX)');
  });

  it('writes to a file, for its owner only when it holds the secret', async () => {
    const out = join(folder, 'type.json');
    const secret = join(folder, 'secret');
    await writeFile(secret, 's'.repeat(64));
    const args = ['--auth', 'hs256', '--secret-file', secret, '--out', out];
    const { printed } = await run([...BASE, '--title', 'Passive DNS', ...args]);
    expect(printed).toEqual([]);
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({ title: 'Passive DNS' });
    expect((await stat(out)).mode & 0o777).toBe(0o600);
  });

  it('says where to send it', async () => {
    const { remarked } = await run(BASE);
    expect(remarked).toContain(
      'POST https://visibility.eu.amp.cisco.com/iroh/iroh-int/module-type',
    );
  });

  it.each([
    ['a region that is none', ['--region', 'mars']],
    ['a kind of authentication that is none', ['--auth', 'basic']],
    ['HS256 without its secret', ['--auth', 'hs256']],
    ['a URL with a password', ['--url', 'https://a:b@relay.example.com']],
    ['a URL with a query', ['--url', 'https://relay.example.com/?a=b']],
    ['a URL of another kind', ['--url', 'ftp://relay.example.com']],
  ])('refuses %s', async (_, args) => {
    const result = await run([...BASE, ...args]);
    expect([result.exitCode, result.printed]).toEqual([2, []]);
  });
});

describe('moduleTypeSchema', () => {
  it('refuses a field that the platform does not know', () => {
    const type = { title: 'a', default_name: 'b', colour: 'red' };
    expect(moduleTypeSchema.safeParse(type).success).toBe(false);
  });

  it('refuses a capability that the platform does not know', () => {
    const type = { title: 'a', default_name: 'b', capabilities: [{ id: 'fly', description: 'c' }] };
    expect(moduleTypeSchema.safeParse(type).success).toBe(false);
  });
});
