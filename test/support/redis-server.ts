import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Redis of its own: a child process on a free port, with a directory of its own. */
export interface RedisServer {
  /** `redis://127.0.0.1:<port>`; stays the same over a restart. */
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Ends it in good order and removes its directory. Safe to call in any state, also twice. */
  stop(): Promise<void>;
  /** Stops it in its tracks (SIGSTOP): connections stay open, nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL: connections are reset, what was not written to disk is lost. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}, on the same port and directory. */
  restart(): Promise<void>;
}

export interface RedisServerOptions {
  /** More arguments, such as `['--appendonly', 'yes']`; by default nothing is persisted. */
  readonly args?: readonly string[];
  /** The text of a configuration file; needed by a sentinel, which writes into it. */
  readonly configFile?: string;
}

const READY = /Ready to accept connections|Sentinel ID is/;
/** Another process may take the port between finding it free and binding it. */
const ATTEMPTS = 5;

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'st-redis-'));
  const file = join(directory, 'redis.conf');
  await writeFile(file, options.configFile ?? 'save ""\n');
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const launch = () =>
      launchRedis([file, ...argumentsFor(port, directory), ...(options.args ?? [])]);
    try {
      return redisServer(await launch(), launch, { port, directory });
    } catch (error) {
      if (attempt === ATTEMPTS) {
        await rm(directory, { recursive: true, force: true });
        throw error;
      }
    }
  }
}

/** A sentinel that watches one master under the name `main`, alone in its quorum. */
export async function startSentinel(master: RedisServer): Promise<RedisServer> {
  const configFile = `sentinel monitor main 127.0.0.1 ${master.port} 1\n`;
  return startRedis({ configFile, args: ['--sentinel'] });
}

function argumentsFor(port: number, directory: string): string[] {
  return ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
}

function redisServer(
  first: ChildProcess,
  launch: () => Promise<ChildProcess>,
  { port, directory }: { port: number; directory: string },
): RedisServer {
  let child = first;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      if (signal !== 'SIGKILL') {
        // A frozen process takes no other signal until it is thawed.
        child.kill('SIGCONT');
      }
      await exited;
    }
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? -1;
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(directory, { recursive: true, force: true });
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    restart: async () => {
      child = await launch();
    },
  };
}

/** Resolves once Redis says that it is ready; rejects with its last words when it exits before. */
async function launchRedis(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const leave = () => child.kill('SIGKILL');
  process.once('exit', leave);
  child.once('exit', () => process.off('exit', leave));
  return new Promise((resolve, reject) => {
    let last = '';
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`redis-server did not start: ${last}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      last = line;
      if (READY.test(line)) {
        resolve(child);
      }
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
