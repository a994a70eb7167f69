import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { redact } from '../logging/redaction.js';
import { configurationTable, envExample } from './config-text.js';
import { allSettings } from './config.js';
import { configFromProcess, EXIT_CONFIG } from './process-config.js';

class Exit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

function run(env: Record<string, string>, ...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const start = () =>
    configFromProcess('worker', {
      env,
      argv: ['node', 'main.js', ...argv],
      readFile: () => 'from-file',
      print: (line) => void out.push(line),
      printError: (line) => void err.push(line),
      exit: (code) => {
        throw new Exit(code);
      },
    });
  return { start, out, err };
}

describe('configFromProcess', () => {
  it('gives the configuration and prints nothing', () => {
    const { start, out, err } = run({ SECURITYTRAILS_API_KEY: 'worker-key' });
    expect(start().securitytrails.apiKey).toBe('worker-key');
    expect([...out, ...err]).toEqual([]);
  });

  it('ends the process with one line per fault', () => {
    const { start, out, err } = run({ PORT: 'canary' });
    expect(start).toThrow(new Exit(EXIT_CONFIG));
    expect(err).toEqual([
      'PORT: must be a whole number from 0 to 65535, e.g. 9090',
      'SECURITYTRAILS_API_KEY: is required by the worker, e.g. the-key-of-your-account',
    ]);
    expect(out).toEqual([]);
  });

  it('prints the faults for --check-config as well', () => {
    const { start, err } = run({}, '--check-config');
    expect(start).toThrow(new Exit(EXIT_CONFIG));
    expect(err).toHaveLength(1);
  });

  it('prints the configuration without secrets for --check-config', () => {
    const { start, out, err } = run(
      {
        SECURITYTRAILS_API_KEY: 'canary-one',
        SECRET_KEY_FILE: '/run/secret',
        REDIS_URL: 'redis://user:canary-two@192.0.2.1',
      },
      '--check-config',
    );
    expect(start).toThrow(new Exit(0));
    expect(err).toEqual([]);
    expect(out).toHaveLength(allSettings().length);
    expect(out).toEqual(
      expect.arrayContaining([
        'PORT=9090',
        'PUBLIC_URL=',
        'REDIS_URL=redis://***@192.0.2.1',
        'CACHE_REDIS_URL=redis://***@192.0.2.1',
        'SECURITYTRAILS_API_KEY=[set]',
        'SECRET_KEY=[set]',
        'OPS_JWT_SECRET=[unset]',
        'OPS_ISSUER=',
      ]),
    );
    expect(out.join('\n')).not.toMatch(/canary|from-file/);
  });

  it('has the secrets masked in logs from then on', () => {
    run({
      SECURITYTRAILS_API_KEY: 'masked-api-key',
      SECRET_KEY: 'masked "secret"',
      REDIS_URL: 'redis://:masked%20password@192.0.2.1',
    }).start();
    const line = JSON.stringify({
      a: 'masked-api-key',
      b: 'masked "secret"',
      c: 'x masked password y',
    });
    expect(redact(line)).not.toContain('masked');
  });
});

describe('.env.example', () => {
  const committed = readFileSync('.env.example', 'utf8');

  it('is what the definitions say', () => {
    expect(committed).toBe(envExample());
  });

  it('has a line for every setting, and comments on lines of their own', () => {
    const lines = committed.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.map((line) => line.split('=')[0])).toEqual(allSettings().map(({ name }) => name));
  });
});

describe('configurationTable', () => {
  it('has a row of three cells for every setting', () => {
    const rows = configurationTable().split('\n').slice(2);
    expect(rows).toHaveLength(allSettings().length);
    expect(rows.filter((row) => !/^\| `[A-Z_]+` \| .+ \| .+ \|$/.test(row))).toEqual([]);
    expect(rows[0]).toBe("| `PORT` | `9090` | The relay's HTTP port (0: any free one) |");
    expect(rows.find((row) => row.includes('`SECRET_KEY`'))).toContain('`SECRET_KEY_FILE`');
  });

  it('shows examples that the definitions accept', () => {
    const refused = allSettings().filter(({ example, parse }) => 'problem' in parse(example));
    expect(refused).toEqual([]);
  });
});
