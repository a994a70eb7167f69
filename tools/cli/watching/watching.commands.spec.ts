import { describe, expect, it } from '@jest/globals';

import { EXIT } from '../exit-codes.js';
import { run } from '../testing/cli-bench.js';

/** Nothing listens there. */
const AWAY = { REDIS_URL: 'redis://127.0.0.1:1', SECURITYTRAILS_API_KEY: 'an-invented-key' };

describe('a command about watchlists', () => {
  it('says on one line that Redis is away, and exits 69', async () => {
    const { exitCode, printed, remarked } = await run(['lists'], { env: AWAY });
    expect([exitCode, printed]).toEqual([EXIT.redisAway, []]);
    expect(remarked).toMatch(/^Redis \(REDIS_URL\) is away: .+\n$/);
  });

  it('names every setting that is wrong and exits 78', async () => {
    const env = { REDIS_URL: 'http://:secret@example.com' };
    const { exitCode, remarked } = await run(['lists'], { env });
    expect(exitCode).toBe(EXIT.configuration);
    expect(remarked).toMatch(/^REDIS_URL: .*\nSECURITYTRAILS_API_KEY: is required.*\n$/);
    expect(remarked).not.toContain('secret');
  });

  it.each([
    ['lists create'],
    ['lists create x --interval soon'],
    ['lists create x --budget some'],
    ['lists create x --priority URGENT'],
    ['lists create x --enabled maybe'],
    ['lists set x'],
    ['lists export --format xml'],
    ['observables'],
    ['observables x --first 0'],
    ['observables x --state LOST'],
    ['observables add x'],
    ['observables add x example.com --file f'],
    ['observables note x example.com'],
    ['backtest x'],
    ['backtest x --since 2026-02-31'],
    ['changes --kind LOST'],
    ['changes --ack ch_1 --ack-all'],
    ['history example.com --type PTR'],
    ['history example.com --at yesterday'],
    ['ledger --by colour'],
    ['ledger --since soon'],
    ['ledger --since 2026-02-31'],
    ['lists --colour'],
  ])('exits 2 for the words %s, before it asks Redis', async (words) => {
    const { exitCode, printed, remarked } = await run(words.split(' '), { env: AWAY });
    expect([exitCode, printed]).toEqual([EXIT.usage, []]);
    expect(remarked).not.toBe('');
  });

  it.each([['lists'], ['observables'], ['lists create'], ['observables add'], ['watch']])(
    'has help for %s',
    async (words) => {
      const { exitCode, output } = await run([...words.split(' '), '--help']);
      expect([exitCode, output]).toEqual([EXIT.done, expect.stringContaining(`cli ${words}`)]);
    },
  );
});
