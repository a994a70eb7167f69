import { join } from 'node:path';

import { hs256Token } from '../cli/relay-token.js';

import { DemoFailure } from './demo-failure.js';
import {
  keyOf,
  redisArguments,
  serviceEnvironment,
  simulatorEnvironment,
  simulatorOf,
  urlOf,
  workerUrlOf,
} from './demo-plan.js';
import type { DemoPlan } from './demo-plan.js';
import { demoReport } from './demo-report.js';
import type { ProcessGroup } from './process-group.js';
import { httpProbe, redisProbe, untilReady } from './readiness.js';
import type { Probe } from './readiness.js';
import { callsAbout, perform } from './relay-calls.js';
import type { RelayCallResult } from './relay-calls.js';
import { callsAnswered, knownName } from './simulator-names.js';
import { atDemoDesk } from './story/demo-desk.js';
import { clearDemoList } from './story/demo-list.js';

const READY_LIMIT_MS = 60_000;

/** The compiled programs that the demo starts. */
interface DemoPrograms {
  readonly relay: string;
  readonly worker: string;
  readonly simulator: string;
}

/** What a demo needs from outside. */
export interface DemoOptions {
  readonly plan: DemoPlan;
  readonly programs: DemoPrograms;
  readonly env: NodeJS.ProcessEnv;
  readonly group: ProcessGroup;
  /** Ends the waiting when the demo is to stop. */
  readonly signal: AbortSignal;
}

/** A demo that is ready: what to print, and what a caller of the relay needs. */
export interface DemoUp {
  readonly report: string;
  readonly token: string;
}

/**
 * Starts everything, waits until all of it is ready and makes the three calls. The processes go on.
 *
 * @throws DemoFailure `not-ready` when one of them is not ready within 60 s, `call-failed`,
 *   `story-failed` when the list of an earlier run cannot be cleared.
 */
export async function bringUp(options: DemoOptions): Promise<DemoUp> {
  const { plan, env } = options;
  await startRedis(options);
  await atDemoDesk(serviceEnvironment(plan, env), clearDemoList);
  await startServices(options);
  const token = hs256Token({ key: keyOf(plan) }, plan.secret);
  const { seen, hostToCopy } = await tryIt(plan, token).catch((error: unknown) => {
    throw new DemoFailure('call-failed', `a call to the relay failed: ${String(error)}`, 'relay');
  });
  const report = demoReport({
    url: urlOf(plan),
    token,
    seen,
    toCopy: callsAbout(hostToCopy),
    folder: plan.folder,
    upstream: plan.realKey === undefined ? 'the simulator' : 'SecurityTrails, with your key',
  });
  return { report, token };
}

async function startRedis({ plan, env, group, signal }: DemoOptions): Promise<void> {
  if (plan.redisUrl !== undefined) {
    return;
  }
  group.start({
    name: 'redis',
    command: env['REDIS_SERVER'] ?? 'redis-server',
    args: redisArguments(plan, join(plan.folder, 'redis')),
    env,
    logFile: join(plan.folder, 'redis.log'),
  });
  await untilReady(redisProbe('redis', plan.ports.redis), { limitMs: READY_LIMIT_MS, signal });
}

async function startServices(options: DemoOptions): Promise<void> {
  const { plan, env, signal } = options;
  const probes: Probe[] = [];
  if (plan.realKey === undefined) {
    startProgram(options, 'simulator', simulatorEnvironment(plan, env));
    probes.push(httpProbe('simulator', `${simulatorOf(plan).url}/_sim/counters`));
  }
  const services = serviceEnvironment(plan, env);
  startProgram(options, 'worker', services);
  startProgram(options, 'relay', services);
  probes.push(httpProbe('worker', `${workerUrlOf(plan)}/readyz`));
  probes.push(httpProbe('relay', `${urlOf(plan)}/readyz`));
  await Promise.all(probes.map((probe) => untilReady(probe, { limitMs: READY_LIMIT_MS, signal })));
}

function startProgram(
  { plan, programs, group }: DemoOptions,
  name: keyof DemoPrograms,
  env: NodeJS.ProcessEnv,
): void {
  const logFile = join(plan.folder, `${name}.log`);
  group.start({ name, command: process.execPath, args: [programs[name]], env, logFile });
}

/** Makes the three calls; with the simulator about a name that the lines to copy do not use up. */
async function tryIt(
  plan: DemoPlan,
  token: string,
): Promise<{ seen: RelayCallResult[]; hostToCopy: string }> {
  const simulated = plan.realKey === undefined;
  const simulator = simulatorOf(plan);
  const host = simulated ? await knownName(simulator, `${plan.tag}a`) : 'example.com';
  const hostToCopy = simulated ? await knownName(simulator, `${plan.tag}b`) : host;
  const upstream = async (): Promise<number | undefined> =>
    simulated ? callsAnswered(simulator) : undefined;
  const seen: RelayCallResult[] = [];
  for (const call of callsAbout(host)) {
    seen.push(await perform(call, { url: urlOf(plan), token }, upstream));
  }
  return { seen, hostToCopy };
}

/** The message about a failure, with the end of the log of the process it is about. */
export async function explain(failure: DemoFailure, group: ProcessGroup): Promise<string> {
  const name = failure.processName;
  const log = name === undefined ? '' : await group.lastLines(name, 20);
  return log === '' ? failure.message : `${failure.message}; its last lines:\n${log}`;
}

/** Rejects when a process ends that should not. */
export async function failureOfAny(group: ProcessGroup): Promise<never> {
  const { name, reason } = await group.firstEnd;
  throw new DemoFailure('process-ended', `${name} has ended: ${reason}`, name);
}
