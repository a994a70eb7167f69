import { once } from 'node:events';

import { runCli } from './cli.js';

// Who reads the results may have enough of them: `… | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
  write: async (text) => {
    if (!process.stdout.write(text)) {
      await once(process.stdout, 'drain');
    }
  },
  remark: (text) => {
    process.stderr.write(text);
  },
  interruption: () => {
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        interrupted.abort();
      });
    }
    return interrupted.signal;
  },
  fetch,
  now: Date.now,
});
