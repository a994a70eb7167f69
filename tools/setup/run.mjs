/**
 * `npm run demo|test|setup|fuzz|soak|bench`: puts in place whatever is missing, then starts the task.
 * Runs on Node 18 and later and without dependencies, because it is what installs them.
 */
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSources } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { provideRedisServer } from './redis-server.mjs';
import { findRuntime } from './runtime.mjs';
import { EXIT, StepFailure } from './step.mjs';
import { runTask } from './task-process.mjs';
import { TASKS } from './tasks.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * @param {string | undefined} name
 * @param {string[]} args
 */
async function main(name, args) {
  const task = Object.hasOwn(TASKS, name ?? '') ? TASKS[name ?? ''] : undefined;
  if (task === undefined) {
    throw new StepFailure(`usage: run.mjs ${Object.keys(TASKS).join('|')} [arguments]`, EXIT.usage);
  }
  await installDependencies(root);
  const runtime = await findRuntime(root);
  if (task.needsRedis(process.env)) {
    await provideRedisServer();
  }
  await buildSources(root, runtime);
  if (task.args.length === 0) {
    return 0;
  }
  return runTask(runtime, [...task.args, ...args], {
    cwd: root,
    env: { PATH: pathFor(runtime), ...task.env },
    linked: task.linked === true,
  });
}

/**
 * Tests start processes by the names `node` and `redis-server`: they have to be the ones found.
 * @param {string} runtime
 */
function pathFor(runtime) {
  const redis = process.env.REDIS_SERVER === undefined ? [] : [dirname(process.env.REDIS_SERVER)];
  return [dirname(runtime), ...redis, process.env.PATH].join(delimiter);
}

try {
  const [name, ...args] = process.argv.slice(2);
  process.exitCode = await main(name, args);
} catch (error) {
  if (!(error instanceof StepFailure)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
