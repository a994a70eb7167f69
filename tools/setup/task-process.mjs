import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs the task in the foreground and resolves with its exit code (128 + n after signal n).
 * @param {string} runtime
 * @param {string[]} args
 * @param {{ cwd: string, env: Record<string, string>, linked: boolean }} options
 * @returns {Promise<number>}
 */
export function runTask(runtime, args, { cwd, env, linked }) {
  return new Promise((resolve) => {
    const child = spawn(runtime, args, {
      cwd,
      env: { ...quiet(process.env), ...env },
      // The channel carries nothing: its end tells the task that this process is gone.
      stdio: linked ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    });
    const stopForwarding = forwardSignals(child);
    const stopWatching = linked ? endWithParent(child) : () => {};
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      stopForwarding();
      stopWatching();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * In a terminal Ctrl-C reaches the child by itself: passing it on would make it two.
 * @param {import('node:child_process').ChildProcess} child
 */
function forwardSignals(child) {
  const handlers = FORWARDED.map((signal) => {
    const handler = () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) {
        child.kill(signal);
      }
    };
    process.on(signal, handler);
    return /** @type {const} */ ([signal, handler]);
  });
  return () => handlers.forEach(([signal, handler]) => process.off(signal, handler));
}

/**
 * Started by npm and npm killed: nobody is left to press Ctrl-C, so the child is ended. Outside
 * npm a new parent is no such sign (nohup, a closed shell).
 * @param {import('node:child_process').ChildProcess} child
 */
function endWithParent(child) {
  if (process.env.npm_lifecycle_event === undefined) {
    return () => {};
  }
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      child.kill('SIGTERM');
    }
  }, 500);
  return () => clearInterval(timer);
}

/** @param {NodeJS.ProcessEnv} env */
function quiet(env) {
  const options = [env.NODE_OPTIONS, '--disable-warning=ExperimentalWarning'];
  return { ...env, NODE_OPTIONS: options.filter(Boolean).join(' ') };
}
