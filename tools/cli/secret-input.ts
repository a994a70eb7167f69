import { randomInt } from 'node:crypto';

import { CliFailure } from './cli-failure.js';
import { readTextFile } from './text-file.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 64;
/** RFC 7518 3.2: a key for HS256 has at least as many bits as its hash. */
export const MINIMUM_BYTES = 32;

/** A signing secret as Cisco's generator makes them: 64 letters and digits (relay-protocol 2.1). */
export function newSecret(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

export function isLongEnough(secret: string): boolean {
  return Buffer.byteLength(secret) >= MINIMUM_BYTES;
}

/**
 * The secret in the file, or a new one.
 *
 * @throws CliFailure `unreadable-file`; `bad-secret` for one too short to be safe.
 */
export async function readSecret(file: string | undefined): Promise<string> {
  if (file === undefined) {
    return newSecret();
  }
  const secret = (await readTextFile(file)).trim();
  if (!isLongEnough(secret)) {
    const wanted = `HS256 wants ${MINIMUM_BYTES} or more`;
    throw new CliFailure('bad-secret', `the secret in ${file} is too short: ${wanted} bytes`);
  }
  return secret;
}
