import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Environment } from './relay-stack.js';

const RECORDER = pathToFileURL(join(import.meta.dirname, 'contact-recorder.mjs')).href;

/** The records of what processes look up and connect to, each in a file of its own. */
export interface ContactBook extends AsyncDisposable {
  /** What a Node process needs to keep the record of this name; its code may be given more to run. */
  env(name: string, code?: string): Environment;
  /** Everything on that record, each line once, in order of the alphabet. */
  read(name: string): Promise<string[]>;
}

export async function openContactBook(): Promise<ContactBook> {
  const directory = await mkdtemp(join(tmpdir(), 'st-contacts-'));
  const fileOf = (name: string) => join(directory, name);
  return {
    env: (name, code) => ({
      CONTACT_LOG: fileOf(name),
      NODE_OPTIONS: [RECORDER, ...(code === undefined ? [] : [asModule(code)])]
        .map((module) => `--import=${module}`)
        .join(' '),
    }),
    read: async (name) => {
      const lines = (await readFile(fileOf(name), 'utf8')).split('\n');
      return [...new Set(lines)].filter((line) => line !== '').sort();
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

function asModule(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
