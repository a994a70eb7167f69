import { readFile, writeFile } from 'node:fs/promises';

import { CliFailure } from './cli-failure.js';

/**
 * The text of a file that the operator named: UTF-8, or UTF-16 with its mark, as Windows' tools write.
 *
 * @throws CliFailure `unreadable-file`.
 */
export async function readTextFile(file: string): Promise<string> {
  try {
    return decoded(await readFile(file));
  } catch (error) {
    throw fileFailure('read', file, error) ?? error;
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
    throw fileFailure('write', file, error) ?? error;
  }
}

/** What to tell of an error of the file system; undefined for an error of another kind. */
export function fileFailure(
  verb: 'read' | 'write',
  file: string,
  error: unknown,
): CliFailure | undefined {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error
    ? new CliFailure('unreadable-file', `cannot ${verb} ${file}: ${String(error.code)}`)
    : undefined;
}

function decoded(bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 2);
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
