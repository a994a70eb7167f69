import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Relative imports name `.js`; where only the source is there, that is what is meant. */
const RESOLVE_SOURCE = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!/^[.].*[.]js$/.test(specifier)) throw error;
      return next(specifier.replace(/[.]js$/, '.ts'), context);
    }
  },
});`;

/**
 * Runs a script of test/support from its source, as a process that can be killed.
 *
 * @returns once it has written its first line.
 */
export async function startScript(name: string, args: readonly string[]): Promise<ChildProcess> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const hooks = `data:text/javascript,${encodeURIComponent(RESOLVE_SOURCE)}`;
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--import', hooks];
  const child = spawn(process.execPath, [...flags, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const leave = () => child.kill('SIGKILL');
  process.once('exit', leave);
  child.once('exit', () => process.off('exit', leave));
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${name} ended with ${String(code)} before it was ready`);
    }),
  ]);
  return child;
}

export async function killScript(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}
