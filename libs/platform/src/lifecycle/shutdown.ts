import { constants } from 'node:os';
import type { EventEmitter } from 'node:events';
import type { Logger } from '../logging/logger.js';

/** One thing to end, in its turn. */
export interface ShutdownStep {
  readonly name: string;
  readonly run: () => Promise<unknown> | undefined;
  /** How long it may take; default: what is left of the deadline. */
  readonly timeoutMs?: number;
}

export interface ShutdownOptions {
  /** For all steps together, from the signal on. */
  readonly deadlineMs?: number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'fatal'>;
  readonly exit?: (code: number) => void;
  /** Where signals and uncaught errors come from. */
  readonly signals?: EventEmitter;
}

/** What a container platform leaves before it kills (30 s), less a reserve. */
const DEADLINE_MS = 25_000;
/** The steps' part of the deadline; what remains is for the hard exit, should one outwit its bound. */
const STEPS_SHARE = 0.96;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
type Signal = (typeof SIGNALS)[number];
type Ending = Required<ShutdownOptions>;

/**
 * Runs the steps in order, once, at SIGTERM or SIGINT. A step that fails or outlasts its time is
 * logged and the next one begins: what was cut is made good by the next process (jobs are retried,
 * the cache is filled again), so the exit code is 0 all the same. Steps that begin late get
 * what is left, be it nothing. Exit code 1 should the deadline pass nevertheless, and after an uncaught
 * error; 128 + n at a second signal, at once.
 *
 * @returns takes the listeners away again.
 */
export function onShutdown(steps: readonly ShutdownStep[], options: ShutdownOptions): () => void {
  const {
    deadlineMs = DEADLINE_MS,
    exit = (code) => process.exit(code),
    signals = process,
  } = options;
  const ending: Ending = { deadlineMs, exit, signals, logger: options.logger };
  let begun = false;
  const onSignal = (signal: Signal) => {
    if (begun) {
      exit(128 + constants.signals[signal]);
      return;
    }
    begun = true;
    void shutDown(signal, steps, ending);
  };
  const onUncaught = (err: unknown) => {
    ending.logger.fatal({ err, event: 'process.uncaught' }, 'uncaught error, the process ends');
    exit(1);
  };
  return listen(signals, onSignal, onUncaught);
}

function listen(
  signals: EventEmitter,
  onSignal: (signal: Signal) => void,
  onUncaught: (error: unknown) => void,
): () => void {
  const listeners = new Map<string, (argument: unknown) => void>([
    ['uncaughtException', onUncaught],
    ['unhandledRejection', onUncaught],
  ]);
  for (const signal of SIGNALS) {
    listeners.set(signal, () => {
      onSignal(signal);
    });
  }
  listeners.forEach((listener, event) => signals.on(event, listener));
  return () => {
    listeners.forEach((listener, event) => signals.off(event, listener));
  };
}

async function shutDown(
  signal: Signal,
  steps: readonly ShutdownStep[],
  ending: Ending,
): Promise<void> {
  const { deadlineMs, logger, exit } = ending;
  logger.info({ event: 'shutdown.begin', signal }, 'shutting down');
  const hardExit = setTimeout(exit, deadlineMs, 1);
  const until = performance.now() + deadlineMs * STEPS_SHARE;
  for (const step of steps) {
    const left = Math.max(until - performance.now(), 0);
    const outcome = await runBounded(step, Math.min(step.timeoutMs ?? left, left), logger);
    logger.info({ event: 'shutdown.step', step: step.name, outcome }, 'shutdown step');
  }
  clearTimeout(hardExit);
  exit(0);
}

async function runBounded(
  step: ShutdownStep,
  ms: number,
  logger: Ending['logger'],
): Promise<'done' | 'failed' | 'cut'> {
  const cut = Promise.withResolvers<'cut'>();
  const timer = setTimeout(cut.resolve, ms, 'cut');
  try {
    return await Promise.race([
      Promise.resolve(step.run()).then(() => 'done' as const),
      cut.promise,
    ]);
  } catch (err) {
    logger.warn({ err, event: 'shutdown.failed', step: step.name }, 'shutdown step failed');
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
