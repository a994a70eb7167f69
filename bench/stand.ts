import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { Redis } from 'ioredis';

import { startSimulator } from '../tools/simulator/simulator.js';
import type { Simulator } from '../tools/simulator/simulator.js';
import { endProcess, freePort, LOAD_CORE, SERVER_CORE, startPinned, untilReady } from './cores.js';
import type { PinnedOrder } from './cores.js';
import type { LoadFigures, LoadOrder } from './load-order.js';
import { Platform } from './platform.js';

export const API_KEY = 'bench-api-key-0123456789abcdef';
const BYTES_KEY = 'bench:answer';

interface NodeProcessOptions extends Pick<PinnedOrder, 'env' | 'stdio'> {
  readonly nodeFlags?: readonly string[];
}

/** A server under load. */
export interface Target {
  readonly port: number;
  readonly pid: number;
}

/** Everything that is measured or needed for it, as processes of its own on their cores. */
export class Stand {
  readonly #children: ChildProcess[] = [];
  readonly #generator: ChildProcess;

  private constructor(
    readonly platform: Platform,
    readonly simulator: Simulator,
    readonly redis: Redis,
  ) {
    this.#generator = this.#node(LOAD_CORE, 'bench/load-generator.js', [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  static async start(): Promise<Stand> {
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', ''];
    const server = startPinned({ core: LOAD_CORE, command: 'redis-server', args });
    const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    await redis.ping();
    const simulator = await startSimulator({
      keys: { [API_KEY]: { perSecond: 1_000_000, monthly: 10_000_000 } },
    });
    const stand = new Stand(await Platform.start(), simulator, redis);
    stand.#children.push(server);
    return stand;
  }

  /** One relay as an operator runs it, with as much upstream as it wants. */
  async relay(nodeFlags: readonly string[] = []): Promise<Target> {
    const port = await freePort();
    const child = this.#node(SERVER_CORE, 'apps/relay/src/main.js', [], {
      nodeFlags,
      env: {
        PATH: process.env['PATH'],
        PORT: String(port),
        HOST: '127.0.0.1',
        LOG_LEVEL: 'info',
        REDIS_URL: this.#redisUrl,
        SECURITYTRAILS_API_URL: this.simulator.url,
        SECURITYTRAILS_RPS: '1000',
        PUBLIC_URL: this.platform.audience,
        JWKS_HOSTS: this.platform.jwksHost,
      },
    });
    await untilReady(() => fetch(`http://127.0.0.1:${port}/livez`));
    return { port, pid: child.pid ?? 0 };
  }

  /** The bare server, with the bytes that it serves. */
  async bare(hot: Buffer, plain: Buffer): Promise<Target> {
    const port = await freePort();
    await this.redis.set(BYTES_KEY, hot);
    const pem = this.platform.publicKey.export({ type: 'spki', format: 'pem' });
    const args = [String(port), this.#redisUrl, BYTES_KEY, String(pem), plain.toString('base64')];
    const child = this.#node(SERVER_CORE, 'bench/bare-server.js', args);
    await untilReady(() => fetch(`http://127.0.0.1:${port}/plain`));
    return { port, pid: child.pid ?? 0 };
  }

  async load(order: LoadOrder): Promise<LoadFigures> {
    this.#generator.send(order);
    const [figures] = (await once(this.#generator, 'message')) as [LoadFigures];
    return figures;
  }

  async stop(): Promise<void> {
    this.redis.disconnect();
    this.platform.stop();
    await Promise.all([this.simulator.close(), ...this.#children.map(endProcess)]);
  }

  get #redisUrl(): string {
    return `redis://127.0.0.1:${this.redis.options.port ?? 0}`;
  }

  #node(
    core: number,
    script: string,
    args: readonly string[],
    { nodeFlags = [], ...more }: NodeProcessOptions = {},
  ): ChildProcess {
    const file = join(import.meta.dirname, '..', script);
    const child = startPinned({
      core,
      command: process.execPath,
      args: [...nodeFlags, file, ...args],
      ...more,
    });
    this.#children.push(child);
    return child;
  }
}
