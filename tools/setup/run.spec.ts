import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const LOCK = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } };

interface SetUp {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project around a copy of the set-up, with stand-ins for npm, Nest's compiler and the demo. */
describe('run.mjs', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'setup-'));
    await cp(import.meta.dirname, join(root, 'tools', 'setup'), { recursive: true });
    await file('package-lock.json', JSON.stringify(LOCK));
    await installed('1.0.0');
    await file('apps/relay/src/main.ts', 'export const one = 1;');
    await file('dist/tools/demo/main.js', 'console.log("demo", process.argv.slice(2).join(" "))');
    await nest('console.log("compiled")');
    await npm('echo "much to read"');
    await program('redis-server', 'exit 0');
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function file(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }

  async function program(name: string, script: string): Promise<void> {
    await file(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    await chmod(join(root, 'bin', name), 0o755);
  }

  const npm = (script: string): Promise<void> => program('npm', script);

  const nest = (script: string): Promise<void> =>
    file('node_modules/@nestjs/cli/bin/nest.js', script);

  const installed = (version: string): Promise<void> =>
    file(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: { 'node_modules/a': { version } } }),
    );

  async function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<SetUp> {
    const path = [join(root, 'bin'), '/usr/bin', '/bin'].join(delimiter);
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(root, 'tools', 'setup', 'run.mjs'), ...args],
        { env: { PATH: path, ...env } },
        (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
        },
      );
    });
  }

  it('says what it does in one line a step, and hands on the arguments', async () => {
    await installed('0.9.0');
    const { code, stdout, stderr } = await run(['demo', 'one', 'two']);
    expect(stderr).toMatch(/^Installing dependencies… \d+ s\nBuilding… \d+ s\n$/);
    expect([code, stdout]).toEqual([0, 'demo one two\n']);
  });

  it('is silent when there is nothing to do', async () => {
    await run(['setup']);
    expect(await run(['setup'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('builds again when a source has changed', async () => {
    await run(['setup']);
    await file('apps/relay/src/main.ts', 'export const one = 2;');
    expect((await run(['setup'])).stderr).toMatch(/^Building… \d+ s\n$/);
  });

  it('does not build again for a test', async () => {
    await run(['setup']);
    await file('apps/relay/src/main.spec.ts', '');
    expect((await run(['setup'])).stderr).toBe('');
  });

  it('shows all that a failing step said, and tries again the next time', async () => {
    await nest('console.log("first line"); console.error("second line"); process.exit(2)');
    const failing = await run(['setup']);
    expect(failing.code).toBe(1);
    expect(failing.stderr).toMatch(/failed after[\s\S]*first line\nsecond line/);
    await nest('');
    expect((await run(['setup'])).stderr).toMatch(/^Building… /);
  });

  it('installs from the lock file, running no script of a package', async () => {
    await rm(join(root, 'node_modules', '.package-lock.json'));
    await npm(`echo "$@" > ${join(root, 'npm-arguments')}`);
    await run(['setup']);
    expect(await readFile(join(root, 'npm-arguments'), 'utf8')).toMatch(/^ci --ignore-scripts /);
  });

  it('does not look for redis-server when the demo is given one', async () => {
    const env = { REDIS_SERVER: join(root, 'missing') };
    const refused = await run(['demo'], env);
    expect([refused.code, refused.stderr]).toEqual([
      69,
      `REDIS_SERVER=${join(root, 'missing')} cannot be started.\n`,
    ]);
    const given = await run(['demo'], { ...env, REDIS_URL: 'redis://192.0.2.1' });
    expect([given.code, given.stdout]).toEqual([0, 'demo \n']);
  });

  it('passes on the exit code of what it started', async () => {
    await file('dist/tools/demo/main.js', 'process.exitCode = 7');
    expect((await run(['demo'])).code).toBe(7);
  });

  it.each([[[]], [['dance']], [['toString']]])('exits 64 for the words %j', async (args) => {
    const { code, stderr } = await run(args);
    const usage = 'usage: run.mjs setup|demo|test|fuzz|soak|bench [arguments]\n';
    expect([code, stderr]).toEqual([64, usage]);
  });
});
