/**
 * `npm run bench`: the speed of the relay as ratios within this one run, because only those hold on
 * another machine. Exit code 1 when one misses its limit.
 *
 * - `-- --quick`: fewer and shorter windows
 * - `-- --only hot|refer|batch|cold|watchlists`
 * - `-- --profile <directory>`: leaves a CPU profile of the relay there
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { batch, coldObserve, hotObserve, refer } from './scenarios.js';
import { FULL, openSession, QUICK } from './session.js';
import { passes, report } from './verdict.js';
import { watchlists } from './watchlists.js';

const SCENARIOS = { hot: hotObserve, refer, batch, cold: coldObserve, watchlists };

/** EX_UNAVAILABLE of sysexits.h. */
const UNAVAILABLE = 69;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});

if (process.platform !== 'linux' || cpus().length < 2) {
  process.stderr.write(
    'The benchmark pins processes and reads /proc: it needs Linux and 2 cores.\n',
  );
  process.exit(UNAVAILABLE);
}

const relayFlags =
  values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
const session = await openSession(values.quick ? QUICK : FULL, relayFlags);
try {
  process.stdout.write(
    `Node ${process.version}, ${cpus()[0]?.model ?? '?'}, ${cpus().length} CPUs\n`,
  );
  for (const [name, run] of Object.entries(SCENARIOS)) {
    if (values.only === undefined || values.only === name) {
      const verdict = await run(session);
      process.stdout.write(`${report(verdict)}\n`);
      process.exitCode = passes(verdict) ? process.exitCode : 1;
    }
  }
} finally {
  await session.stand.stop();
}
process.exit();
