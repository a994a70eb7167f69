import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

import type { CliEdges } from './cli-edges.js';
import { CliFailure } from './cli-failure.js';
import { readTextFile } from './text-file.js';

/** A key travels in an HTTP header: visible ASCII only (relay-protocol 2.2, row 20). */
const USABLE_KEY = /^[\x21-\x7e]+$/;

/**
 * The SecurityTrails API key: from a file, else from piped input, else typed without echo. Never
 * from an argument, which other users of the machine could see.
 *
 * @throws CliFailure `no-key`, `bad-key`, `unreadable-file`.
 */
export async function readKey(keyFile: string | undefined, edges: CliEdges): Promise<string> {
  const key = (await keyFrom(keyFile, edges)).trim();
  if (key === '') {
    throw new CliFailure('no-key', 'no API key: give --key-file FILE, pipe it in, or type it');
  }
  if (!USABLE_KEY.test(key)) {
    throw new CliFailure('bad-key', 'the API key has characters that no key has: copy it again');
  }
  return key;
}

async function keyFrom(keyFile: string | undefined, edges: CliEdges): Promise<string> {
  if (keyFile !== undefined) {
    return readTextFile(keyFile);
  }
  return edges.stdin.isTTY === true ? ask(edges) : text(edges.stdin);
}

/** Readline echoes what is typed to its output: this one swallows it. */
async function ask(edges: CliEdges): Promise<string> {
  const output = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  edges.remark('SecurityTrails API key (not shown): ');
  const lines = createInterface({ input: edges.stdin, output, terminal: true });
  const cancelled = new AbortController();
  lines.once('SIGINT', () => {
    cancelled.abort();
  });
  try {
    return await lines.question('', { signal: cancelled.signal });
  } catch {
    return '';
  } finally {
    lines.close();
    edges.remark('\n');
  }
}
