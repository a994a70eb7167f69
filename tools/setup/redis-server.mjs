import { existsSync } from 'node:fs';

import { EXIT, StepFailure, runQuietly, step } from './step.mjs';

const HOW_TO_INSTALL = {
  debian: 'apt-get install redis-server',
  fedora: 'dnf install redis',
  alpine: 'apk add redis',
  darwin: 'brew install redis',
  other: 'install Redis 7 or later so that redis-server is on the PATH',
};

/**
 * The package would start a system-wide Redis on port 6379. A policy-rc.d answering 101 is how
 * Debian lets an administrator forbid that; it is put there only when there is none, and removed
 * again whatever happens. The service is also disabled, so that the next boot does not start it.
 */
const INSTALL_ON_DEBIAN = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends redis-server
if command -v systemctl >/dev/null 2>&1; then
  systemctl disable --quiet redis-server >/dev/null 2>&1 || true
fi
`;

/**
 * Makes sure that redis-server can be started, installing Debian's package where that is allowed
 * without asking for a password.
 */
export async function provideRedisServer() {
  const wanted = process.env.REDIS_SERVER ?? 'redis-server';
  if (await starts(wanted)) {
    return;
  }
  if (process.env.REDIS_SERVER !== undefined) {
    throw new StepFailure(`REDIS_SERVER=${wanted} cannot be started.`, EXIT.unavailable);
  }
  const asRoot = await waysToBeRoot();
  if (platform() !== 'debian' || asRoot === undefined) {
    throw new StepFailure(
      `redis-server is missing: ${HOW_TO_INSTALL[platform()]}`,
      EXIT.unavailable,
    );
  }
  const [command, ...args] = [...asRoot, 'sh', '-c', INSTALL_ON_DEBIAN];
  await step('Installing redis-server', { command, args });
}

/** @param {string} binary */
async function starts(binary) {
  return (await runQuietly({ command: binary, args: ['--version'] })).code === 0;
}

/** The words before a command that make it run as root, or undefined where that needs a password. */
async function waysToBeRoot() {
  if (process.getuid?.() === 0) {
    return [];
  }
  const { code } = await runQuietly({ command: 'sudo', args: ['-n', 'true'] });
  return code === 0 ? ['sudo', '-n'] : undefined;
}

/** @returns {keyof typeof HOW_TO_INSTALL} */
function platform() {
  if (process.platform === 'darwin') {
    return 'darwin';
  }
  const signs = { debian: '/etc/debian_version', fedora: '/etc/redhat-release' };
  const found = Object.entries({ ...signs, alpine: '/etc/alpine-release' });
  return /** @type {keyof typeof HOW_TO_INSTALL} */ (
    found.find(([, file]) => existsSync(file))?.[0] ?? 'other'
  );
}
