import { Readable } from 'node:stream';

import { runCli } from '../cli.js';
import type { CliEdges } from '../cli-edges.js';

/** What a command did. */
export interface CliRun {
  readonly exitCode: number;
  /** Lines. */
  readonly printed: string[];
  /** The same, with what was written in pieces, as one text. */
  readonly output: string;
  readonly remarked: string;
}

/** Runs a command with what the test is about; everything else is empty and nothing is fetched. */
export async function run(args: string[], edges: Partial<CliEdges> = {}): Promise<CliRun> {
  let output = '';
  let remarked = '';
  const exitCode = await runCli(args, {
    env: {},
    stdin: Readable.from([]),
    print: (line) => {
      output += `${line}\n`;
    },
    write: (text) => {
      output += text;
      return Promise.resolve();
    },
    remark: (text) => {
      remarked += text;
    },
    interruption: () => new AbortController().signal,
    fetch: () => Promise.reject(new Error('nothing is fetched here')),
    now: () => Date.parse('2026-01-01T00:00:00Z'),
    ...edges,
  });
  const printed = output === '' ? [] : output.replace(/\n$/, '').split('\n');
  return { exitCode, printed, output, remarked };
}

/** The value of a printed `NAME=value`. */
export function valueOf(name: string, { printed }: CliRun): string {
  const line = printed.find((text) => text.startsWith(`${name}=`));
  return line?.slice(name.length + 1) ?? '';
}
