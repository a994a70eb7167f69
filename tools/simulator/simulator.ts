import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { KeyRing, type KeyLimits } from './accounts/key-ring.js';
import { createControls, type SimulatorControls } from './control/controls.js';
import { handleControl } from './control/control-handler.js';
import { FaultBook } from './faults/fault-book.js';
import { SimulatorInputError } from './input.errors.js';
import { NO_RECORDINGS, readRecordings } from './recordings/recordings.js';
import { VirtualClock, type WallClock } from './time/virtual-clock.js';
import { RequestLog } from './traffic/request-log.js';
import { Answers } from './vendor/answers.js';
import { errorReply } from './vendor/reply.js';
import { sendReply } from './vendor/sending.js';
import { VendorHandler } from './vendor/vendor-handler.js';
import { World } from './world/world.js';

/** How a simulator is set up. */
export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The address to bind, 127.0.0.1 by default: the controls need no key, so keep it private. */
  readonly host?: string;
  /** Chooses the world; 1 by default. */
  readonly seed?: number;
  /** The simulated start; from there time runs with the wall clock. Now by default. */
  readonly now?: Date | string;
  /** A directory of recorded bodies that are played instead of the world. */
  readonly recordingsDir?: string;
  /** The keys that are accepted; `demo-key` alone by default. */
  readonly keys?: Readonly<Record<string, KeyLimits>>;
  /** Takes every key, each with limits of its own (1000 a second, 100,000 a month). */
  readonly acceptAnyKey?: boolean;
  /** The wall clock; `Date.now` by default. */
  readonly clock?: WallClock;
}

/** A running simulator. */
export interface Simulator extends SimulatorControls {
  /** The API's base, with `/v1`. */
  readonly url: string;
  readonly port: number;
  /** Breaks off what is being answered and stops listening. */
  close(): Promise<void>;
}

const DEFAULT_KEYS: Readonly<Record<string, KeyLimits>> = { 'demo-key': {} };
const DEFAULT_HOST = '127.0.0.1';
// Longer than a client's pool keeps idle connections, so that no request meets a closing one.
const KEEP_ALIVE_MS = 65_000;

interface Core {
  readonly controls: SimulatorControls;
  readonly vendor: VendorHandler;
}

function startOf(now: Date | string | undefined): number | undefined {
  const start = now === undefined ? undefined : new Date(now).getTime();
  if (Number.isNaN(start)) {
    throw new SimulatorInputError('now', 'must be a date');
  }
  return start;
}

function assemble(options: SimulatorOptions, signal: AbortSignal): Core {
  const { seed = 1, recordingsDir, keys = DEFAULT_KEYS, acceptAnyKey = false } = options;
  const clock = new VirtualClock(options.clock ?? Date.now, startOf(options.now));
  const world = new World(seed, clock.today());
  const recordings = recordingsDir === undefined ? NO_RECORDINGS : readRecordings(recordingsDir);
  const answers = new Answers({ seed, world, clock, recordings });
  const ring = new KeyRing(() => clock.now(), acceptAnyKey);
  const [faults, log] = [new FaultBook(), new RequestLog()];
  const controls = createControls({ world, answers, clock, keys: ring, faults, log });
  for (const [key, limits] of Object.entries(keys)) {
    controls.setKey(key, limits);
  }
  const vendor = new VendorHandler({ answers, keys: ring, faults, log, clock, signal });
  return { controls, vendor };
}

async function route(
  { controls, vendor }: Core,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const isControl = /^\/_sim(?:[/?]|$)/.test(request.url ?? '');
  try {
    await (isControl
      ? handleControl(controls, request, response)
      : vendor.handle(request, response));
  } catch (error) {
    giveUp(response, error);
  }
}

function giveUp(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    // The caller went away or the simulator closes: nobody is left to be told.
    response.destroy();
    return;
  }
  const reason = error instanceof Error ? error.message : 'unknown';
  sendReply(response, errorReply(500, `the simulator failed: ${reason}`));
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/**
 * Starts a SecurityTrails-shaped API under `/v1` with its controls under `/_sim`. Rejects with
 * `SimulatorInputError` on bad options and with the system's error when the port is not free.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const ending = new AbortController();
  const core = assemble(options, ending.signal);
  const server = createServer((request, response) => void route(core, request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const host = options.host ?? DEFAULT_HOST;
  const port = await listen(server, options.port ?? 0, host);
  return {
    ...core.controls,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    port,
    close: () => {
      ending.abort();
      return shut(server);
    },
  };
}
