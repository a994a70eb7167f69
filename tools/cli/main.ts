import { runCli } from './cli.js';

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
  remark: (text) => {
    process.stderr.write(text);
  },
  fetch,
  now: Date.now,
});
