import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { step } from './step.mjs';

const FOLDERS = ['apps', 'libs', 'tools', 'bench'];
const FILES = ['package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
const NOT_BUILT = /\.(spec|int-spec|e2e-spec)\.ts$/;

/**
 * Compiles to dist/ when any source differs from what was compiled last. The digest is of the
 * contents: times of files say nothing after a checkout, and miss a file that was removed.
 * @param {string} root
 * @param {string} runtime the Node to compile with
 */
export async function buildSources(root, runtime) {
  const stamp = join(root, 'dist', '.build-stamp');
  const digest = await digestOfSources(root);
  if ((await textOf(stamp)) === digest) {
    return;
  }
  // A failed compilation must not leave the stamp of the one before.
  await rm(stamp, { force: true });
  await step('Building', {
    command: runtime,
    args: [join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'],
    cwd: root,
  });
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(stamp, digest);
}

/** @param {string} root */
async function digestOfSources(root) {
  const hash = createHash('sha256');
  const lists = await Promise.all(FOLDERS.map((folder) => sourcesIn(root, folder)));
  for (const path of [...FILES, ...lists.flat().sort()]) {
    hash
      .update(`${path}\0`)
      .update((await textOf(join(root, path))) ?? '')
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function sourcesIn(root, folder) {
  let entries;
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  const found = await Promise.all(
    entries.map((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        return sourcesIn(root, path);
      }
      return entry.name.endsWith('.ts') && !NOT_BUILT.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
}

/** @param {string} file */
async function textOf(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
