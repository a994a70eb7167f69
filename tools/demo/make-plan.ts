import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DemoPlan } from './demo-plan.js';
import { keptSecret } from './kept-secret.js';
import { freePorts, relayPort } from './ports.js';

/** A demo is for the person at this machine: nothing else is listened to unless HOST says so. */
const DEFAULT_HOST = '127.0.0.1';

/**
 * Decides ports, secret and upstream from the environment, and makes the folders.
 *
 * @throws DemoFailure `port-taken` when PORT cannot be used.
 */
export async function makePlan(env: NodeJS.ProcessEnv, folder: string): Promise<DemoPlan> {
  await mkdir(join(folder, 'redis'), { recursive: true });
  const host = env['HOST'] ?? DEFAULT_HOST;
  const relay = await relayPort(env['PORT'], host);
  const [worker = 0, redis = 0, simulator = 0] = await freePorts(3, host);
  const realKey = await settingOrFile(env, 'SECURITYTRAILS_API_KEY');
  const redisUrl = await settingOrFile(env, 'REDIS_URL');
  const secret = await settingOrFile(env, 'SECRET_KEY');
  return {
    host,
    folder,
    ports: { relay, worker: Number(env['WORKER_PORT'] ?? worker), redis, simulator },
    secret: secret ?? (await keptSecret(join(folder, 'secret-key'))),
    tag: Date.now().toString(36),
    ...(redisUrl !== undefined && { redisUrl }),
    ...(realKey !== undefined && { realKey }),
  };
}

/** A secret given as NAME or as the content of the file NAME_FILE (config.md). */
async function settingOrFile(env: NodeJS.ProcessEnv, name: string): Promise<string | undefined> {
  const file = env[`${name}_FILE`];
  const value = file ? (await readFile(file, 'utf8')).trim() : env[name];
  return value === '' ? undefined : value;
}
