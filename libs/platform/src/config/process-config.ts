import { readFileSync } from 'node:fs';
import { registerSecret } from '../logging/redaction.js';
import { redactedConfig, secretTexts } from './config-text.js';
import type { Config, ProcessName } from './config.js';
import { loadConfig } from './load-config.js';
import { parseRedisUrl } from './redis-url.js';
import type { Environment, ReadFile } from './setting-texts.js';
import { faultLine } from './setting.js';

/** EX_CONFIG of sysexits: something is wrong with the configuration. */
export const EXIT_CONFIG = 78;

/** The parts of a Node process that reading the configuration touches. */
export interface ConfigHost {
  readonly env: Environment;
  readonly argv: readonly string[];
  readonly readFile: ReadFile;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly exit: (code: number) => never;
}

const THIS_PROCESS: ConfigHost = {
  env: process.env,
  argv: process.argv,
  readFile: (path) => readFileSync(path, 'utf8'),
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  exit: (code) => process.exit(code),
};

/**
 * The configuration of this process. A fault ends the process with one line per fault on stderr and
 * exit code 78; `--check-config` ends it as well: with the faults, or with the redacted configuration
 * on stdout and exit code 0. The secrets found are registered for masking in logs.
 */
export function configFromProcess(name: ProcessName, host: ConfigHost = THIS_PROCESS): Config {
  const result = loadConfig(name, host.env, host.readFile);
  if ('faults' in result) {
    result.faults.forEach((fault) => {
      host.printError(faultLine(fault));
    });
    return host.exit(EXIT_CONFIG);
  }
  if (host.argv.includes('--check-config')) {
    redactedConfig(host.env, host.readFile).forEach(host.print);
    return host.exit(0);
  }
  registerSecrets(result.config, host);
  return result.config;
}

function registerSecrets({ redis }: Config, host: ConfigHost): void {
  secretTexts(host.env, host.readFile).forEach(registerSecret);
  for (const url of [redis.queueUrl, redis.cacheUrl]) {
    const address = parseRedisUrl(url);
    if ('value' in address && address.value.password !== undefined) {
      registerSecret(address.value.password);
    }
  }
}
