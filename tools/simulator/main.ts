import { readEnvironment } from './environment.js';
import { SimulatorInputError } from './input.errors.js';
import { startSimulator, type SimulatorOptions } from './simulator.js';

/** EX_CONFIG of sysexits.h. */
const BAD_CONFIGURATION = 78;

function complain(lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `simulator: ${line}\n`).join(''));
}

async function start(options: SimulatorOptions): Promise<void> {
  try {
    const { url } = await startSimulator(options);
    process.stdout.write(`simulator ready on ${url}\n`);
  } catch (error) {
    complain([error instanceof Error ? error.message : 'cannot start']);
    process.exit(error instanceof SimulatorInputError ? BAD_CONFIGURATION : 1);
  }
}

// Nothing here outlives the process, so there is nothing to finish first.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => process.exit(0));
}

const reading = readEnvironment(process.env);
if (reading.ok) {
  await start(reading.options);
} else {
  complain(reading.faults);
  process.exit(BAD_CONFIGURATION);
}
