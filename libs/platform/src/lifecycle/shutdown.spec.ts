import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { createLogger } from '../logging/logger.js';
import { onShutdown, type ShutdownStep } from './shutdown.js';

function start(steps: readonly ShutdownStep[], deadlineMs?: number) {
  const signals = new EventEmitter();
  const exited = Promise.withResolvers<number>();
  const codes: number[] = [];
  const lines: string[] = [];
  const stop = onShutdown(steps, {
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    signals,
    logger: createLogger({
      level: 'info',
      name: 'test',
      destination: { write: (line) => void lines.push(line) },
    }),
    exit: (code) => {
      codes.push(code);
      exited.resolve(code);
    },
  });
  return { signals, exited: exited.promise, codes, lines, stop };
}

function never(): Promise<void> {
  return Promise.withResolvers<undefined>().promise;
}

describe('onShutdown', () => {
  it.each(['SIGTERM', 'SIGINT'])('runs the steps in order at %s and exits 0', async (signal) => {
    const done: string[] = [];
    const step = (name: string) => ({
      name,
      run: async () => {
        await Promise.resolve();
        done.push(name);
      },
    });
    const { signals, exited, codes } = start([step('first'), step('second')]);
    expect(done).toEqual([]);
    signals.emit(signal, signal);
    await expect(exited).resolves.toBe(0);
    expect(done).toEqual(['first', 'second']);
    expect(codes).toEqual([0]);
  });

  it('takes a step that is done at once', async () => {
    const { signals, exited } = start([{ name: 'flag', run: () => undefined }]);
    signals.emit('SIGTERM');
    await expect(exited).resolves.toBe(0);
  });

  it('cuts a step that outlasts its time, goes on and exits 0', async () => {
    let reached = false;
    const { signals, exited, lines } = start([
      { name: 'stuck', run: never, timeoutMs: 5 },
      {
        name: 'after',
        run: () => {
          reached = true;
          return undefined;
        },
      },
    ]);
    signals.emit('SIGTERM');
    await expect(exited).resolves.toBe(0);
    expect(reached).toBe(true);
    expect(lines.find((line) => line.includes('"stuck"'))).toContain('"outcome":"cut"');
  });

  it('goes on after a step that fails, and logs why', async () => {
    const boom = () => {
      throw new Error('boom');
    };
    const { signals, exited, lines } = start([
      { name: 'rejects', run: () => Promise.reject(new Error('no connection')) },
      { name: 'throws', run: boom },
    ]);
    signals.emit('SIGTERM');
    await expect(exited).resolves.toBe(0);
    expect(lines.filter((line) => line.includes('shutdown.failed'))).toHaveLength(2);
  });

  it('gives all steps together no more than the deadline', async () => {
    const begun = performance.now();
    const { signals, exited, codes } = start(
      [
        { name: 'stuck', run: never },
        { name: 'stuck too', run: never },
      ],
      1_000,
    );
    signals.emit('SIGTERM');
    await expect(exited).resolves.toBe(0);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(codes).toEqual([0]);
  });

  it('exits 1 when a step holds the process past the deadline', async () => {
    const block = () => {
      const until = performance.now() + 40;
      while (performance.now() < until) {
        // Holds the event loop, so that no timer can cut the step.
      }
      return never();
    };
    const { signals, exited } = start(
      [
        { name: 'blocks', run: block },
        { name: 'next', run: block },
      ],
      20,
    );
    signals.emit('SIGTERM');
    await expect(exited).resolves.toBe(1);
  });

  it('exits at once at a second signal', () => {
    const { signals, codes } = start([{ name: 'stuck', run: never }], 50);
    signals.emit('SIGTERM');
    signals.emit('SIGINT');
    signals.emit('SIGTERM');
    expect(codes).toEqual([130, 143]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('exits 1 after %s', (event) => {
    const { signals, codes, lines } = start([]);
    signals.emit(event, new TypeError('broken'));
    expect(codes).toEqual([1]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'fatal',
      err: { type: 'TypeError' },
    });
  });

  it('takes its listeners away when asked', () => {
    const { signals, stop } = start([]);
    stop();
    expect(signals.eventNames()).toEqual([]);
  });
});
