import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

import { DemoFailure } from './demo-failure.js';

/** Where the relay listens unless told otherwise (PORT). */
const DEFAULT_PORT = 9090;

/**
 * `count` different TCP ports that were free a moment ago. They are held together and let go
 * together, so that no two are the same.
 */
export async function freePorts(count: number, host: string): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, host)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(close));
  return ports;
}

/**
 * The relay's port: the one asked for (0: any free one), else 9090, else any free one.
 *
 * @throws DemoFailure `port-taken` when the port asked for is in use.
 */
export async function relayPort(asked: string | undefined, host: string): Promise<number> {
  const port = asked === undefined || asked === '' ? DEFAULT_PORT : Number(asked);
  if (port === 0) {
    const [any = 0] = await freePorts(1, host);
    return any;
  }
  if (await isFree(port, host)) {
    return port;
  }
  if (port !== DEFAULT_PORT || asked === String(DEFAULT_PORT)) {
    throw new DemoFailure('port-taken', `PORT=${String(asked)} cannot be used: choose another`);
  }
  const [free = 0] = await freePorts(1, host);
  return free;
}

async function isFree(port: number, host: string): Promise<boolean> {
  try {
    await close(await listen(port, host));
    return true;
  } catch {
    return false;
  }
}

function listen(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
