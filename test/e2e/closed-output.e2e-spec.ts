import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** Its steps take about a second; an ending that hangs takes for ever. */
const ENDING_MS = 8_000;

/** A relay whose Redis is away: it starts, serves and ends all the same. */
function startRelay() {
  return spawn(process.execPath, [resolve('dist/apps/relay/src/main.js')], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      REDIS_URL: 'redis://127.0.0.1:1',
      SECRET_KEY: 'a-secret-of-this-test',
      JWKS_HOSTS: '',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** A second signal would end it at once. */
function isNew(words: string, before: string, now: string): boolean {
  return now.includes(words) && !before.includes(words);
}

describe('a relay whose log nobody reads any more', () => {
  it('ends at SIGTERM in good order', async () => {
    const relay = startRelay();
    const limit = setTimeout(() => relay.kill('SIGKILL'), 2 * ENDING_MS);
    let output = '';
    for await (const chunk of relay.stdout) {
      const before = output;
      output += String(chunk);
      if (isNew('"event":"listening"', before, output)) {
        relay.kill('SIGTERM');
      }
      if (output.includes('"event":"shutdown.begin"')) {
        // Leaving the loop closes the pipe, before the last lines are written.
        break;
      }
    }
    const begun = performance.now();
    const [code] = (await once(relay, 'exit')) as unknown[];
    clearTimeout(limit);
    expect(code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(ENDING_MS);
  }, 20_000);
});
