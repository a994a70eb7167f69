import type { DemoSimulator } from './simulator-names.js';

/** Everything decided before the first process starts. */
export interface DemoPlan {
  /** Address the relay binds and is called on. */
  readonly host: string;
  readonly ports: { relay: number; worker: number; redis: number; simulator: number };
  /** The folder that outlives the demo: Redis' data, logs, the secret. */
  readonly folder: string;
  /** Redis given by the caller; none: the demo starts its own. */
  readonly redisUrl?: string;
  /** A real key: SecurityTrails itself is asked. None: the simulator stands in. */
  readonly realKey?: string;
  readonly secret: string;
  /** Makes this run's host names unknown to a cache kept from earlier runs. */
  readonly tag: string;
}

/** What the simulator of the demo accepts: for the processes, and for the demo's own looking around. */
const SIMULATOR_KEY = 'demo-key';
const LOOKING_KEY = 'looking-key';
const SIMULATOR_CALLS_A_SECOND = 1000;
const SIMULATOR_CALLS_A_MONTH = 100_000;
/** So short that an answer is stale before somebody has read what the demo prints. */
const FRESH_SECONDS = 10;

/** The API key that the demo's token carries. */
export function keyOf(plan: DemoPlan): string {
  return plan.realKey ?? SIMULATOR_KEY;
}

/** The relay's URL for a caller on this machine, without a trailing slash. */
export function urlOf(plan: DemoPlan): string {
  return originOf(plan.host, plan.ports.relay);
}

/** The worker's URL, for its readiness. */
export function workerUrlOf(plan: DemoPlan): string {
  return originOf(plan.host, plan.ports.worker);
}

/** The simulator's origin, without a path. */
export function simulatorUrlOf({ ports }: DemoPlan): string {
  return originOf('127.0.0.1', ports.simulator);
}

/** The simulator for the demo itself: its questions are not those of the key that pays for calls. */
export function simulatorOf(plan: DemoPlan): DemoSimulator {
  return { url: simulatorUrlOf(plan), key: LOOKING_KEY };
}

/**
 * The environment of the relay and the worker (config.md). What the caller set is kept; what the
 * demo has decided wins.
 */
export function serviceEnvironment(plan: DemoPlan, given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ports } = plan;
  return {
    ...withoutFileForms(given),
    HOST: plan.host,
    PORT: String(ports.relay),
    WORKER_PORT: String(ports.worker),
    PUBLIC_URL: given['PUBLIC_URL'] ?? urlOf(plan),
    REDIS_URL: plan.redisUrl ?? `redis://127.0.0.1:${ports.redis}`,
    SECRET_KEY: plan.secret,
    SECURITYTRAILS_API_KEY: keyOf(plan),
    ...(plan.realKey === undefined && {
      SECURITYTRAILS_API_URL: `${simulatorUrlOf(plan)}/v1`,
      // The real default of 2 a second is SecurityTrails' limit, not the simulator's.
      SECURITYTRAILS_RPS: given['SECURITYTRAILS_RPS'] ?? '100',
      CACHE_FRESH_SECONDS: given['CACHE_FRESH_SECONDS'] ?? String(FRESH_SECONDS),
    }),
  };
}

/** A secret given twice, as NAME and as NAME_FILE, is a fault (config.md): the demo gives the first. */
function withoutFileForms(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const settled = ['REDIS_URL_FILE', 'SECRET_KEY_FILE', 'SECURITYTRAILS_API_KEY_FILE'];
  return Object.fromEntries(Object.entries(given).filter(([name]) => !settled.includes(name)));
}

function originOf(host: string, port: number): string {
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
}

/** The environment of the simulator. */
export function simulatorEnvironment(plan: DemoPlan, given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...given,
    SIMULATOR_PORT: String(plan.ports.simulator),
    SIMULATOR_HOST: '127.0.0.1',
    SIMULATOR_KEYS: [SIMULATOR_KEY, LOOKING_KEY]
      .map((key) => `${key}:${SIMULATOR_CALLS_A_SECOND}:${SIMULATOR_CALLS_A_MONTH}`)
      .join(','),
  };
}

/** The arguments of the demo's own Redis: durable, never evicting, reachable from here only. */
export function redisArguments(plan: DemoPlan, folder: string): string[] {
  return [
    ...['--port', String(plan.ports.redis), '--bind', '127.0.0.1', '--protected-mode', 'yes'],
    ...['--dir', folder, '--appendonly', 'yes', '--save', ''],
    ...['--maxmemory-policy', 'noeviction', '--daemonize', 'no'],
  ];
}
