import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { DemoFailure } from './demo-failure.js';

const POLL_MS = 100;
const PROBE_MS = 1_000;

/** One thing to wait for. */
export interface Probe {
  /** The process it belongs to. */
  readonly name: string;
  isReady(): Promise<boolean>;
}

/**
 * Waits until the probe succeeds.
 *
 * @throws DemoFailure `not-ready` after `limitMs`; AbortError when the signal says so.
 */
export async function untilReady(
  probe: Probe,
  { limitMs, signal }: { limitMs: number; signal: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await probe.isReady())) {
    if (performance.now() > deadline) {
      throw new DemoFailure(
        'not-ready',
        `${probe.name} is not ready after ${limitMs / 1000} s`,
        probe.name,
      );
    }
    await pause(POLL_MS, undefined, { signal });
  }
}

/** Ready when `GET url` answers 200. */
export function httpProbe(name: string, url: string): Probe {
  return {
    name,
    isReady: async () => {
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
        await answer.body?.cancel();
        return answer.ok;
      } catch {
        return false;
      }
    },
  };
}

/** Ready when Redis answers a PING; while it loads its data it answers an error. */
export function redisProbe(name: string, port: number): Probe {
  return {
    name,
    isReady: () =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
        const settle = (ready: boolean): void => {
          socket.destroy();
          resolve(ready);
        };
        socket.setTimeout(PROBE_MS, () => {
          settle(false);
        });
        socket.once('data', (answer) => {
          settle(answer.toString().startsWith('+PONG'));
        });
        socket.once('error', () => {
          settle(false);
        });
      }),
  };
}
