import { describe, expect, it } from '@jest/globals';

import { readBulkText } from '#watch';

import { startSimulator } from '../../simulator/simulator.js';

import { castOf, opening, pastedText } from './cast.js';
import { Stage } from './stage.js';

const CAST = castOf('t1');

describe('pastedText', () => {
  it('has each of the cast in it, one of them twice, and one value that is none', async () => {
    const read = await readBulkText(pastedText(CAST), {
      now: 0,
      limit: 100,
      pause: () => Promise.resolve(),
      elapsed: () => 0,
    });
    expect(read.accepted.map(({ observable }) => observable.value)).toEqual([
      CAST.shop,
      CAST.news,
      CAST.mail,
      CAST.address,
    ]);
    expect(read.duplicates).toBe(1);
    expect(read.rejected).toEqual([
      { line: 6, value: '300.2.0.192', reason: 'not a valid IP address' },
    ]);
  });

  it('can be clicked nowhere', () => {
    expect(pastedText(CAST)).not.toMatch(/https?:|192\.0\.2\.|example\.com\//);
  });
});

describe('opening', () => {
  it('is a world that the simulator takes', async () => {
    const simulator = await startSimulator();
    try {
      const stage = new Stage(simulator.url.replace('/v1', ''));
      await stage.arrange(opening(CAST, await stage.today()));
      const answer = await fetch(`${simulator.url}/history/${CAST.news}/dns/a`, {
        headers: { apikey: 'demo-key' },
      });
      expect(await answer.json()).toMatchObject({
        records: [{ values: [{ ip: '192.0.2.17' }], last_seen: simulator.today() }],
      });
    } finally {
      await simulator.close();
    }
  });
});
