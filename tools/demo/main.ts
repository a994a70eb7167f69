import { join, relative } from 'node:path';

import { bringUp, explain, failureOfAny } from './demo.js';
import type { DemoOptions } from './demo.js';
import { DemoFailure } from './demo-failure.js';
import { serviceEnvironment } from './demo-plan.js';
import { makePlan } from './make-plan.js';
import { guardProcesses } from './process-guard.js';
import { ProcessGroup, STOP_GRACE_MS, startGuard } from './process-group.js';
import { CALM, playStory } from './story/story.js';

const GUARD = 'guard';
/** From dist/tools/demo. */
const DIST = join(import.meta.dirname, '..', '..');
const FOLDER = join(DIST, '..', '.demo');
const PROGRAMS = {
  relay: join(DIST, 'apps', 'relay', 'src', 'main.js'),
  worker: join(DIST, 'apps', 'worker', 'src', 'main.js'),
  simulator: join(DIST, 'tools', 'simulator', 'main.js'),
};

/** Resolves when the person, or whoever started the demo, wants it to end. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, stop);
  }
  // Only where an IPC channel was given: its other end is the process that started this one.
  process.on('disconnect', stop);
  return controller.signal;
}

async function demo(): Promise<number> {
  const signal = stopSignal();
  const folder = join('.', relative(process.cwd(), FOLDER));
  const plan = await makePlan(process.env, folder);
  const group = new ProcessGroup(startGuard(process.execPath, [import.meta.filename, GUARD]));
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  const over = new AbortController();
  try {
    const shown = show({
      ...{ plan, programs: PROGRAMS, env: process.env, group },
      signal: AbortSignal.any([signal, over.signal]),
    });
    await Promise.race([stopped, failureOfAny(group), shown.then(() => stopped)]);
    return 0;
  } catch (error) {
    if (!(error instanceof DemoFailure)) {
      throw error;
    }
    process.stderr.write(`${await explain(error, group)}\n`);
    return 1;
  } finally {
    over.abort();
    await group.stop();
  }
}

/** Prints what there is to see, until the signal says that it is enough. */
async function show(options: DemoOptions): Promise<void> {
  const { plan, env, signal } = options;
  const { report, token } = await bringUp(options);
  print(report);
  if (plan.realKey === undefined) {
    const services = serviceEnvironment(plan, env);
    await playStory({ plan, env: services, token, signal, print, pace: CALM });
  } else {
    print('\nNothing is watched with your key, so nothing is spent on it: the story of a watched');
    print('list needs the simulator.');
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  try {
    return await demo();
  } catch (error) {
    if (!(error instanceof DemoFailure)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    if (process.connected) {
      process.disconnect();
    }
  }
}

if (process.argv[2] === GUARD) {
  await guardProcesses(process.stdin, STOP_GRACE_MS);
} else {
  process.exitCode = await main();
}
