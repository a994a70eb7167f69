import { readFile, writeFile } from 'node:fs/promises';

import { newSecret } from '../cli/secret-input.js';

/** The signing secret kept in `file`, made on the first call; only its owner may read it. */
export async function keptSecret(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') {
    return kept;
  }
  const secret = newSecret();
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
