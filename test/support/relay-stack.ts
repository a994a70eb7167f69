import jsonwebtoken from 'jsonwebtoken';

import type { Simulator, SimulatorOptions } from '../../tools/simulator/simulator.js';
import { startSimulator } from '../../tools/simulator/simulator.js';
import type { RedisServer } from './redis-server.js';
import { startRedis } from './redis-server.js';
import type { ServiceProcess } from './service-process.js';
import { startService } from './service-process.js';

/** The key that the simulator takes, and by which a leak of it is recognised in any output. */
export const API_KEY = 'CANARY-api-key-0123456789abcdef';
export const SECRET_KEY = 'CANARY-secret-key-0123456789abcdef0123456789abcdef';

export type Environment = Readonly<Record<string, string>>;

/** A relay with all that it needs, each a real process or server of its own. */
export interface RelayStack extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly simulator: Simulator;
  readonly relay: ServiceProcess;
  /** Another relay or worker on the same Redis and simulator; ended with the stack. */
  add(name: 'relay' | 'worker', env?: Environment): Promise<ServiceProcess>;
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly simulator?: SimulatorOptions;
  /** On top of the stack's own; RS256 is off unless JWKS_HOSTS and PUBLIC_URL are given. */
  readonly env?: Environment;
}

/** Redis, simulator and one relay that takes HS256 tokens and does not slow upstream calls down. */
export async function startStack(options: StackOptions = {}): Promise<RelayStack> {
  const redis = await startRedis();
  const simulator = await startSimulator({
    keys: { [API_KEY]: { perSecond: 100_000, monthly: 10_000_000 } },
    ...options.simulator,
  });
  const env = {
    REDIS_URL: redis.url,
    SECURITYTRAILS_API_URL: simulator.url,
    SECURITYTRAILS_RPS: '1000',
    SECRET_KEY,
    JWKS_HOSTS: '',
    ...options.env,
  };
  const services: ServiceProcess[] = [];
  const add = async (name: 'relay' | 'worker', more: Environment = {}): Promise<ServiceProcess> => {
    const forWorker = name === 'worker' ? { SECURITYTRAILS_API_KEY: API_KEY } : {};
    const service = await startService(name, { ...env, ...forWorker, ...more });
    services.push(service);
    return service;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(services.map((service) => service.stop()));
    await Promise.all([simulator.close(), redis.stop()]);
  };
  try {
    return { redis, simulator, relay: await add('relay'), add, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An HS256 token for the stack's key, with more claims if need be. */
export function token(claims: object = {}): string {
  return jsonwebtoken.sign({ key: API_KEY, ...claims }, SECRET_KEY, { noTimestamp: true });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** A POST as the platform makes it. A string body is sent as it is. */
export async function post(
  url: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token()}` },
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
}
