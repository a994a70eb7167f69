import { Readable } from 'node:stream';

import { runCli } from '../cli.js';
import type { CliEdges } from '../cli-edges.js';

/** What a command did. */
export interface CliRun {
  readonly exitCode: number;
  readonly printed: string[];
  readonly remarked: string;
}

/** Runs a command with what the test is about; everything else is empty and nothing is fetched. */
export async function run(args: string[], edges: Partial<CliEdges> = {}): Promise<CliRun> {
  const printed: string[] = [];
  let remarked = '';
  const exitCode = await runCli(args, {
    env: {},
    stdin: Readable.from([]),
    print: (line) => printed.push(line),
    remark: (text) => {
      remarked += text;
    },
    fetch: () => Promise.reject(new Error('nothing is fetched here')),
    now: () => Date.parse('2026-01-01T00:00:00Z'),
    ...edges,
  });
  return { exitCode, printed, remarked };
}

/** The value of a printed `NAME=value`. */
export function valueOf(name: string, { printed }: CliRun): string {
  const line = printed.find((text) => text.startsWith(`${name}=`));
  return line?.slice(name.length + 1) ?? '';
}
