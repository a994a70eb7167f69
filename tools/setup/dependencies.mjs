import { readFile } from 'node:fs/promises';
import { delimiter, join, sep } from 'node:path';

import { step } from './step.mjs';

/**
 * Installs what package-lock.json names, when node_modules holds anything else.
 * @param {string} root
 */
export async function installDependencies(root) {
  if (await isInstalled(root)) {
    return;
  }
  await step('Installing dependencies', {
    command: 'npm',
    args: ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    cwd: root,
    env: { ...process.env, PATH: pathWithoutLocalBinaries() },
  });
}

/**
 * npm writes node_modules/.package-lock.json as the last act of an installation, so comparing it
 * with the lock file also notices one that was cut short, or made by hand.
 * @param {string} root
 */
async function isInstalled(root) {
  const wanted = await packagesOf(join(root, 'package-lock.json'));
  const present = await packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) {
    return false;
  }
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = path === '' ? { version } : present[path];
    // Optional packages are for one platform each: most of them are rightly absent.
    return found === undefined ? optional === true : found.version === version;
  });
}

/**
 * @param {string} file
 * @returns {Promise<Record<string, { version?: string, optional?: boolean }> | undefined>}
 */
async function packagesOf(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** npm must not run on the Node inside node_modules: it is about to remove that. */
function pathWithoutLocalBinaries() {
  const local = `node_modules${sep}.bin`;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.endsWith(local))
    .join(delimiter);
}
