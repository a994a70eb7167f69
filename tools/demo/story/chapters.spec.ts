import { describe, expect, it } from '@jest/globals';

import { startSimulator } from '../../simulator/simulator.js';

import { castOf, HOMES, opening } from './cast.js';
import { chapterOf, SCRIPTED_DAYS } from './chapters.js';
import { Stage } from './stage.js';

const CAST = castOf('t1');
const DAYS = Array.from({ length: 48 }, (_, index) => index + 1);

/** The values that the orders of a day give, or undefined when nothing is said of that. */
function givenOn(day: number, path: '/_sim/intervals' | '/_sim/hosts', host?: string): unknown {
  const order = chapterOf(CAST, day).orders.find(
    (one) => one.path === path && (host === undefined || Reflect.get(one.body, 'host') === host),
  );
  const { interval, hostnames } = (order?.body ?? {}) as { interval?: object; hostnames?: unknown };
  return interval === undefined ? hostnames : Reflect.get(interval, 'values');
}

describe('chapterOf', () => {
  it('moves the shop on the first day and back on the second', () => {
    expect(givenOn(1, '/_sim/intervals', CAST.shop)).toEqual([HOMES[1].address]);
    expect(givenOn(2, '/_sim/intervals', CAST.shop)).toEqual([HOMES[0].address]);
  });

  it('moves a name of which nobody asks, for an analyst to find', () => {
    const { orders, refresh } = chapterOf(CAST, SCRIPTED_DAYS);
    expect(orders).toHaveLength(2);
    expect(refresh).toEqual([{ type: 'domain', value: CAST.shop }]);
  });

  it('never moves the shop to where it is', () => {
    const homes = DAYS.flatMap((day) => givenOn(day, '/_sim/intervals', CAST.shop) ?? []);
    const before = [HOMES[0].address, ...homes];
    expect(homes.filter((home, index) => home === before[index])).toEqual([]);
    expect(homes).toHaveLength(2 + 12);
  });

  it('never gives the address the names that it has', () => {
    const [staying, leaving] = CAST.hostnames;
    const given = DAYS.flatMap((day) => {
      const names = givenOn(day, '/_sim/hosts');
      return names === undefined ? [] : [JSON.stringify(names)];
    });
    const before = [JSON.stringify([staying, leaving]), ...given];
    expect(given.filter((names, index) => names === before[index])).toEqual([]);
    expect(given).toHaveLength(1 + 11);
  });

  it('is quiet on every other day once the story is told', () => {
    const quiet = DAYS.filter((day) => chapterOf(CAST, day).orders.length === 0);
    expect(quiet).toEqual(DAYS.filter((day) => day > SCRIPTED_DAYS && day % 2 === 1));
  });

  it('is taken by the simulator, day after day', async () => {
    const simulator = await startSimulator();
    try {
      const stage = new Stage(simulator.url.replace('/v1', ''));
      await stage.arrange(opening(CAST, await stage.today()));
      for (const day of DAYS) {
        await stage.nextDay();
        await stage.arrange(chapterOf(CAST, day).orders);
      }
      const answer = await fetch(`${simulator.url}/history/${CAST.shop}/dns/a`, {
        headers: { apikey: 'demo-key' },
      });
      const { records } = (await answer.json()) as { records: unknown[] };
      expect(records).toHaveLength(1 + 2 + 12);
    } finally {
      await simulator.close();
    }
  });
});
