import { describe, expect, it } from '@jest/globals';

import { runKills } from '../support/kills/kill-run.js';

describe('workers that are killed for a minute, and Redis once', () => {
  it('lose no refresh, double no change and book every call', async () => {
    const seed = Date.now() % 1_000_000;
    const report = await runKills({
      observables: 2_000,
      seconds: 60,
      leastMoves: 500,
      spared: 0,
      drainSeconds: 120,
      seed,
    });
    process.stdout.write(`${JSON.stringify({ seed, ...report }, null, 2)}\n`);
    expect(report).toMatchObject({ notRefreshed: [], wrongChanges: [], bookFaults: [] });
    expect(report.kills).toBeGreaterThan(30);
    expect(report.moves).toBeGreaterThanOrEqual(500);
  }, 300_000);
});
