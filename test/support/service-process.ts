import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A built process of ours, run as an operator runs it: by environment alone. */
export interface ServiceProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
  /** Every line it has written so far, stdout and stderr. */
  readonly output: readonly string[];
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | NodeJS.Signals>;
}

const START_LIMIT_MS = 20_000;

/** Starts `dist/apps/<name>/src/main.js` on a free port; resolves when it listens. */
export async function startService(
  name: 'relay' | 'worker',
  env: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const main = resolve(`dist/apps/${name}/src/main.js`);
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      WORKER_PORT: '0',
      HOST: '127.0.0.1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const ended = once(child, 'exit').then(
    ([code, signal]: unknown[]) => (code ?? signal) as number | NodeJS.Signals,
  );
  const url = await listening(name, child, output, ended);
  return {
    url,
    pid: child.pid ?? 0,
    output,
    ended,
    signal: (signal) => child.kill(signal),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function listening(
  name: string,
  child: ChildProcess,
  output: string[],
  ended: Promise<unknown>,
): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`${name} ${why}:\n${output.slice(-20).join('\n')}`));
    };
    const limit = setTimeout(fail, START_LIMIT_MS, 'did not listen in time');
    void ended.then(() => {
      clearTimeout(limit);
      fail('ended before it listened');
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) {
        createInterface({ input: stream }).on('line', (line) => {
          output.push(line);
          const url = urlIn(line);
          if (url !== undefined) {
            clearTimeout(limit);
            resolveUrl(url);
          }
        });
      }
    }
  });
}

function urlIn(line: string): string | undefined {
  return line.includes('"event":"listening"')
    ? (JSON.parse(line) as { url: string }).url
    : undefined;
}
