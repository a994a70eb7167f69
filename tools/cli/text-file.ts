import { readFile, writeFile } from 'node:fs/promises';

import { CliFailure } from './cli-failure.js';

/**
 * The text of a file that the operator named.
 *
 * @throws CliFailure `unreadable-file`.
 */
export async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliFailure('unreadable-file', `cannot read ${file}: ${reasonOf(error)}`);
  }
}

/**
 * Writes a file that the operator named; a secret one is for its owner only.
 *
 * @throws CliFailure `unreadable-file`.
 */
export async function writeTextFile(file: string, text: string, secret = false): Promise<void> {
  try {
    await writeFile(file, text, { mode: secret ? 0o600 : 0o644 });
  } catch (error) {
    throw new CliFailure('unreadable-file', `cannot write ${file}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode ? String(error.code) : 'unknown reason';
}
