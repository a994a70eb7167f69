import { describe, expect, it } from '@jest/globals';

import { runKills } from '../support/kills/kill-run.js';

describe('workers that are killed at any moment', () => {
  it('lose no refresh, double no change and book every call', async () => {
    const report = await runKills({
      observables: 200,
      seconds: 4,
      leastMoves: 20,
      spared: 1,
      drainSeconds: 40,
      seed: 1,
    });
    expect(report).toMatchObject({ notRefreshed: [], wrongChanges: [], bookFaults: [] });
    expect(report.kills).toBeGreaterThan(1);
    expect(report.moves).toBeGreaterThanOrEqual(20);
    expect(report.books.requests).toBeGreaterThan(400);
  }, 90_000);
});
